"""Restate: its server, and two workers of its Python SDK, as its documentation serves them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import ClassVar, Final
from uuid import uuid4

import aiohttp
import httpx2
from infra.machine.loopback import DIRECTLY, LOOPBACK
from infra.machine.user_error import UserError
from waiting import eventually

from performance.client import TIMEOUT_SECONDS
from performance.peers import environment
from performance.peers.loop import Loop
from performance.peers.peer import Peer, Trade

WORKERS: Final = 2


class Restate(Peer):
    """The server and its workers; each saga is one request, which answers when it has ended."""

    name: ClassVar[str] = "Restate"

    def __init__(self, processes: Mapping[str, int], ingress: str) -> None:
        self._processes = processes
        self._ingress = ingress

    @property
    def processes(self) -> Mapping[str, int]:
        return self._processes

    @asynccontextmanager
    async def trade(self) -> AsyncIterator[Trade]:
        connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

            async def saga() -> None:
                order_id = str(uuid4())
                headers = {"Idempotency-Key": order_id}
                async with session.post(
                    f"{self._ingress}/saga/place_order", json=order_id, headers=headers
                ) as done:
                    if not done.ok:
                        raise UserError(self.name, f"answered {done.status}", await done.text())

            yield Loop(saga)


@contextmanager
def restate() -> Iterator[Restate]:
    """Run it. Raises UserError where it cannot be installed or started."""
    python, server = environment.python(), environment.restate_server()
    node, ingress, admin, workers = environment.free_ports(4)
    with (
        tempfile.TemporaryDirectory(prefix="counterstep-restate-") as data,
        environment.running(
            (str(server), "--no-logo", "--base-dir", data, "--node-name", "bench", "--listen-mode", "tcp"),
            RESTATE_BIND_ADDRESS=f"{LOOPBACK}:{node}",
            RESTATE_ADVERTISED_ADDRESS=f"http://{LOOPBACK}:{node}",
            RESTATE_INGRESS__BIND_ADDRESS=f"{LOOPBACK}:{ingress}",
            RESTATE_ADMIN__BIND_ADDRESS=f"{LOOPBACK}:{admin}",
            RESTATE_DISABLE_TELEMETRY="true",
            RESTATE_LOG_FILTER="warn",
        ) as broker,
        environment.running(_workers(python, Path(data), workers)) as served,
    ):
        asyncio.run(_register(f"http://{LOOPBACK}:{admin}/deployments", f"http://{LOOPBACK}:{workers}"))
        yield Restate({"restate": broker.pid, "workers": served.pid}, f"http://{LOOPBACK}:{ingress}")


def _workers(python: Path, folder: Path, port: int) -> tuple[str, ...]:
    """The command that serves the saga, as Restate's documentation has it: connections stay for good."""
    settings = ("h2_max_concurrent_streams", "keep_alive_max_requests", "keep_alive_timeout")
    config = folder / "hypercorn.toml"
    config.write_text("".join(f"{name} = {2**31 - 1}\n" for name in settings))
    return (
        *(str(python), "-m", "hypercorn", "--config", str(config)),
        *("--workers", str(WORKERS), "--bind", f"{LOOPBACK}:{port}", "performance.peers.apps.restate_saga:app"),
    )


async def _register(deployments: str, workers: str) -> None:
    async with httpx2.AsyncClient(timeout=10, **DIRECTLY) as client:

        async def request() -> httpx2.Response | None:
            try:
                return await client.post(deployments, json={"uri": workers})
            except httpx2.TransportError:
                return None

        try:
            await eventually(
                request, until=lambda answer: answer is not None and answer.is_success, within=TIMEOUT_SECONDS
            )
        except AssertionError as error:
            raise UserError(Restate.name, "did not take the workers", str(error)) from None
