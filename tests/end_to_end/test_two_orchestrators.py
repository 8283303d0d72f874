"""Two orchestrators share the work, and no run is advanced twice; one of them may be killed at any moment.

Every message is delivered twice, so that both often hear of the same run at the same moment.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from books import assert_balanced
from duplicator import duplicating
from infra.server import ENV_FILE
from infra.stack import Stack
from shop import PLENTY, PRICE, Shop
from traces import INSTANCE, Traces
from waiting import eventually

ORDERS = 1_000
SECOND = "second"
ENOUGH = 400  # runs that the second has advanced before it is killed


@asynccontextmanager
async def another_orchestrator(stack: Stack) -> AsyncIterator[Process]:
    """A second orchestrator process beside the stack's own; in traces it has a name of its own."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        ENV_FILE: str(stack.services["orchestrator"].env_file),
        "HTTP_PORT": str(port),
        "OTEL_RESOURCE_ATTRIBUTES": f"{INSTANCE}={SECOND}",
    }
    command = (sys.executable, "-m", "orchestrator")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with httpx.AsyncClient() as client:
            await eventually(lambda: is_ready(client, port), until=bool, within=60)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success
    except httpx.TransportError:
        return False


async def advanced_by_both(traces: Traces, trace_ids: Iterable[str]) -> bool:
    """Tell whether each of the two has advanced one of these runs."""
    seen = [span for trace_id in trace_ids for span in (await traces.of(trace_id)).spans]
    return {span.instance == SECOND for span in seen if span.service == "orchestrator"} == {True, False}


def assert_advanced_once(saga: Any) -> None:
    """Every attempt was asked once and answered at most once; the saga began once and ended once."""
    rows = [row for row in saga["history"] if row["event"] != "ignored"]
    times = Counter((row["step"], row["direction"], row["attempt"], row["event"]) for row in rows)
    assert set(times.values()) == {1}, saga
    assert rows[0]["event"] == "started"
    assert rows[-1]["event"] in {"completed", "compensated"}


async def test_no_run_is_advanced_twice_by_two_orchestrators_of_which_one_is_killed(
    shop: Shop, stack: Stack, traces: Traces
) -> None:
    lamp, desk = await shop.stocked("lamp", 300), await shop.stocked("desk", 10_000)
    ada, bob = await shop.customer("ada", PLENTY), await shop.customer("bob", 200 * PRICE)
    wanted = [(ada, {lamp: 1, desk: 1}), (bob, {desk: 1})]

    async def advanced() -> set[str]:
        return await traces.of_instance("orchestrator", SECOND)

    async with another_orchestrator(stack) as second, duplicating(stack.amqp_url):
        placing = [asyncio.create_task(shop.place(*wanted[nth % 2])) for nth in range(ORDERS)]
        await eventually(advanced, until=lambda seen: len(seen) > ENOUGH, within=120)
        second.kill()
    orders = [await shop.ended(await placed, within=180) for placed in placing]
    sagas = [await shop.saga_ended(order["saga_id"]) for order in orders]
    for saga in sagas:
        assert_advanced_once(saga)
    assert await advanced_by_both(traces, [saga["trace_id"] for saga in sagas])
    await assert_balanced(shop, orders, stocked={lamp: 300, desk: 10_000}, paid_in={ada: PLENTY, bob: 200 * PRICE})
