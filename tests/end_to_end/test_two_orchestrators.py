"""Two orchestrators share the work, and no instance is advanced twice; one of them may be killed at any moment.

Every message is delivered twice, so both often work on the same saga instance at the same moment.
"""

import asyncio
from collections import Counter
from typing import Any

import httpx2
from another import another
from books import assert_balanced
from duplicator import duplicating
from infra.launcher.native.stack import Stack
from scraping import Scrape
from shop import PLENTY, PRICE, Shop
from waiting import eventually

ORDERS = 250
ENOUGH = 200  # replies that the second has consumed before it is killed


async def replies_consumed(client: httpx2.AsyncClient, url: str) -> float:
    """How many answers this orchestrator has taken a step further by."""
    shown = Scrape.of((await client.get(f"{url}/metrics")).raise_for_status().text)
    return shown.value("saga_step_duration_seconds_count")


def assert_advanced_once(saga: Any) -> None:
    """Every attempt was sent once and answered at most once; the saga began once and ended once."""
    rows = [row for row in saga["history"] if row["event"] != "ignored"]
    times = Counter((row["step"], row["direction"], row["attempt"], row["event"]) for row in rows)
    assert set(times.values()) == {1}, saga
    assert rows[0]["event"] == "started"
    assert rows[-1]["event"] in {"completed", "compensated"}


async def test_no_instance_is_advanced_twice_by_two_orchestrators_of_which_one_is_killed(
    shop: Shop, stack: Stack
) -> None:
    lamp, desk = await shop.stocked("lamp", 300), await shop.stocked("desk", 10_000)
    ada, bob = await shop.customer("ada", PLENTY), await shop.customer("bob", 200 * PRICE)
    wanted = [(ada, {lamp: 1, desk: 1}), (bob, {desk: 1})]
    async with (
        httpx2.AsyncClient() as client,
        another(stack, "orchestrator") as (second, url),
        duplicating(stack),
    ):
        before = await replies_consumed(client, stack.url("orchestrator"))
        placing = [asyncio.create_task(shop.place(*wanted[nth % 2])) for nth in range(ORDERS)]
        await eventually(lambda: replies_consumed(client, url), until=lambda count: count > ENOUGH, within=120)
        assert await replies_consumed(client, stack.url("orchestrator")) > before
        second.kill()
    orders = [await shop.ended(await placed, within=180) for placed in placing]
    sagas = [await shop.saga_ended(order["saga_id"]) for order in orders]
    for saga in sagas:
        assert_advanced_once(saga)
    await assert_balanced(shop, orders, stocked={lamp: 300, desk: 10_000}, paid_in={ada: PLENTY, bob: 200 * PRICE})
