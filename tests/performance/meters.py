"""What the machine, the broker and the databases have done so far: counters that only grow.

Two readings, one at each end of a window, say what was done in it.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import psutil
from contracts.topology import SERVICES
from infra.launcher.native.stack import Stack
from prometheus_client.parser import text_string_to_metric_families

from performance.client import Client

BROKER: Final = {
    "rabbitmq_global_messages_received_total": "broker.published",
    "rabbitmq_global_messages_confirmed_total": "broker.confirmed",
    "rabbitmq_global_messages_delivered_total": "broker.delivered",
    "rabbitmq_global_messages_acknowledged_total": "broker.acknowledged",
    "rabbitmq_connection_incoming_bytes_total": "broker.bytes_in",
    "rabbitmq_connection_outgoing_bytes_total": "broker.bytes_out",
}
BATCH: Final = "messaging_batch_messages"
DATABASES: Final = """
SELECT coalesce(sum(xact_commit), 0) AS commits, coalesce(sum(tup_inserted), 0) AS inserted,
    coalesce(sum(tup_updated), 0) AS updated, coalesce(sum(tup_deleted), 0) AS deleted,
    (SELECT wal_bytes FROM pg_stat_wal) AS wal_bytes, (SELECT wal_records FROM pg_stat_wal) AS wal_records
FROM pg_stat_database WHERE datname = ANY($1)
"""


@dataclass(frozen=True)
class Reading:
    """Every counter, and when it was read, in seconds of the Unix clock."""

    at: float
    counters: Mapping[str, float]

    def since(self, earlier: "Reading") -> dict[str, float]:
        """What was counted between the two."""
        return {name: value - earlier.counters.get(name, 0) for name, value in self.counters.items()}


async def read(stack: Stack, client: Client) -> Reading:
    """Read everything. Raises UserError where a part does not run."""
    processes = await asyncio.to_thread(stack.supervision.processes)
    pids = {name: process.pid for name, process in processes.items() if process.alive}
    return Reading(
        time.time(),
        {
            **{f"cpu.{name}": cpu_seconds(pid) for name, pid in pids.items()},
            "cpu.client": cpu_seconds(psutil.Process().pid),
            **await _broker(stack, client),
            **await _databases(stack),
            **{
                name: value
                for service in SERVICES
                for name, value in _batches(await _metrics(stack, client, service))
            },
        },
    )


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process and of every child that it has or had."""
    root = psutil.Process(pid)
    return sum(map(_own, (root, *root.children(recursive=True))))


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it has just ended: its parent counts it now
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


async def _broker(stack: Stack, client: Client) -> dict[str, float]:
    text = await client.text(f"http://127.0.0.1:{stack.ports.broker_metrics}/metrics")
    found = dict.fromkeys(BROKER.values(), 0.0)
    for line in text.splitlines():
        name = line.partition("{")[0].partition(" ")[0]
        if name in BROKER:
            found[BROKER[name]] += float(line.rpartition(" ")[2])
    return found


async def _databases(stack: Stack) -> dict[str, float]:
    async with stack.postgres.databases.session("postgres") as sql:
        found = await sql.fetchrow(DATABASES, SERVICES)
    assert found
    return {f"postgres.{name}": float(value) for name, value in found.items()}


async def _metrics(stack: Stack, client: Client, service: str) -> str:
    return await client.text(f"{stack.url(service)}/metrics")


def _batches(exposition: str) -> Iterator[tuple[str, float]]:
    for family in text_string_to_metric_families(exposition):
        if family.name == BATCH:
            for sample in family.samples:
                kind = {f"{BATCH}_sum": "batched", f"{BATCH}_count": "batches"}.get(sample.name)
                if kind:
                    yield f"{kind}.{sample.labels['queue']}", sample.value
