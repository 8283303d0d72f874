"""Two orchestrators share the work, and no run is advanced twice; one of them may be killed at any moment.

Every message is delivered twice, so that both often hear of the same run at the same moment.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

from another import another
from books import assert_balanced
from duplicator import duplicating
from infra.stack import Stack
from shop import PLENTY, PRICE, Shop
from traces import INSTANCE, Traces
from waiting import eventually

ORDERS = 1_000
SECOND = "second"
ENOUGH = 400  # runs that the second has advanced before it is killed


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

    named = {"OTEL_RESOURCE_ATTRIBUTES": f"{INSTANCE}={SECOND}"}  # in traces
    async with another(stack, "orchestrator", **named) as (second, _), duplicating(stack.amqp_url):
        placing = [asyncio.create_task(shop.place(*wanted[nth % 2])) for nth in range(ORDERS)]
        await eventually(advanced, until=lambda seen: len(seen) > ENOUGH, within=120)
        second.kill()
    orders = [await shop.ended(await placed, within=180) for placed in placing]
    sagas = [await shop.saga_ended(order["saga_id"]) for order in orders]
    for saga in sagas:
        assert_advanced_once(saga)
    assert await advanced_by_both(traces, [saga["trace_id"] for saga in sagas])
    await assert_balanced(shop, orders, stocked={lamp: 300, desk: 10_000}, paid_in={ada: PLENTY, bob: 200 * PRICE})
