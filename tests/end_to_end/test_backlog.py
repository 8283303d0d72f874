"""Orders that have gathered while the orchestrator was away."""

import asyncio

import asyncpg
from books import assert_balanced
from counterstep.orchestration.orchestrator import MOST_IN_FLIGHT
from infra.launcher.native.stack import Stack
from outages import command_sent, let_deadlines_pass, stopped, succeeded
from scraping import scrape, scraped_until
from shop import PLENTY, Shop
from waiting import eventually

AT_ONCE = 50
ORDERS = MOST_IN_FLIGHT + AT_ONCE

LEFT = "SELECT count(*) FROM deadlines WHERE saga_id = ANY($1::uuid[])"


async def test_no_more_is_begun_than_can_be_answered_in_time(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", ORDERS), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        async with stopped(shop, "orchestrator"):
            placed = [order_id for _ in range(0, ORDERS, AT_ONCE) for order_id in await _place(shop, ada, sku)]
        # With one place left an instance is not begun: it sends two commands at once.
        await scraped_until(shop, "orchestrator", "saga_started_total", MOST_IN_FLIGHT - 1)
    assert max(await _under_way_until_all_have_ended(shop)) <= MOST_IN_FLIGHT
    orders = await shop.all_ended(placed)
    assert {order["status"] for order in orders} == {"confirmed"}
    assert (await scrape(shop, "orchestrator")).value("saga_retries_total") == 0
    await assert_balanced(shop, orders, stocked={sku: ORDERS}, paid_in={ada: PLENTY})
    assert await _deadlines_left(stack, [order["saga_id"] for order in orders]) == 0


async def test_a_reply_that_came_while_the_orchestrator_was_down_is_read_before_its_deadline(
    shop: Shop, stack: Stack
) -> None:
    sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
    async with stopped(shop, "inventory"):
        order = await shop.order(await shop.place(ada, {sku: 1}))
        await command_sent(shop, order["saga_id"], "reserve_stock")
        await succeeded(shop, order["saga_id"], "authorize_payment")
        await asyncio.to_thread(stack.stop, "orchestrator")
    try:
        await eventually(lambda: shop.stock(sku), until=lambda stock: stock["reserved"] == 1)
        assert await let_deadlines_pass(stack, order["saga_id"]) == ["reserve_stock"]
    finally:
        await asyncio.to_thread(stack.start, "orchestrator")
    assert (await shop.ended(order["order_id"]))["status"] == "confirmed"


async def _place(shop: Shop, customer: str, sku: str) -> list[str]:
    return await asyncio.gather(*(shop.place(customer, {sku: 1}) for _ in range(AT_ONCE)))


async def _under_way_until_all_have_ended(shop: Shop) -> list[float]:
    """How many of the orders were under way at each reading; the orchestrator has begun nothing before them."""
    seen: list[float] = []

    async def ended() -> float:
        now = await scrape(shop, "orchestrator")
        ended = now.value("saga_ended_total")
        seen.append(now.value("saga_started_total") - ended)
        return ended

    await eventually(ended, until=lambda so_many: so_many >= ORDERS, within=120)
    return seen


async def _deadlines_left(stack: Stack, saga_ids: list[str]) -> int:
    connection = await asyncpg.connect(stack.database_url("orchestrator"))
    try:
        return int(await connection.fetchval(LEFT, saga_ids))
    finally:
        await connection.close()
