"""Kill -9 in mid-flow: every order ends, and the books balance."""

import asyncio
from uuid import uuid4

import pytest
from books import assert_balanced
from faults.processes import up
from infra.launcher.native.stack import Stack
from shop import PLENTY, PRICE, Shop


@pytest.mark.parametrize("victim", ["order", "inventory", "payment", "orchestrator"])
async def test_a_service_killed_in_mid_flow_loses_no_order_and_does_none_twice(shop: Shop, victim: str) -> None:
    lamp, desk = await shop.stocked("lamp", 60), await shop.stocked("desk", 10_000)
    ada, bob = await shop.customer("ada", PLENTY), await shop.customer("bob", 50 * PRICE)
    wanted = [(ada, {lamp: 1, desk: 1}), (bob, {desk: 1})]
    placing = [asyncio.create_task(shop.place(*wanted[nth % 2])) for nth in range(200)]
    for kill_after in (40, 120):
        await asyncio.wait(placing[:kill_after])
        await up(shop.stack, victim)
        await asyncio.to_thread(shop.stack.kill, victim)
    orders = await shop.all_ended(await asyncio.gather(*placing))
    await assert_balanced(shop, orders, stocked={lamp: 60, desk: 10_000}, paid_in={ada: PLENTY, bob: 50 * PRICE})


async def test_an_accepted_order_outlives_an_absent_broker_and_a_killed_service(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(stack.stop, "rabbitmq")
    try:
        answer = await shop.post_order(ada, {sku: 1}, key=str(uuid4()))
        assert answer.status_code == 202
        await asyncio.to_thread(stack.kill, "order")
    finally:
        await asyncio.to_thread(stack.start, "rabbitmq")
    order = await shop.ended(answer.json()["order_id"])
    assert order["status"] == "confirmed"


async def test_while_the_database_is_away_messages_wait_and_no_attempt_is_counted(
    shop: Shop, stack: Stack
) -> None:
    sku, ada = await shop.stocked("lamp", 1_000), await shop.customer("ada", PLENTY)
    order_ids = await asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(100)))
    await asyncio.to_thread(stack.stop, "postgres")
    await asyncio.to_thread(stack.start, "postgres")
    orders = await shop.all_ended(order_ids)
    assert {order["status"] for order in orders} == {"confirmed"}
    await assert_balanced(shop, orders, stocked={sku: 1_000}, paid_in={ada: PLENTY})
