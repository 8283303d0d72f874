"""A customer changes their mind."""

import asyncio

from books import assert_balanced
from counterstep.http.roles import Role
from shop import PLENTY, PRICE, Shop


async def test_an_order_that_waits_for_a_stopped_participant_can_be_cancelled(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(shop.stack.stop, "inventory")
    try:
        order_id = await shop.place(ada, {sku: 1})
        answer = await shop.call(
            "POST",
            "order",
            f"/orders/{order_id}/cancel",
            headers=shop.bearer(Role.CUSTOMER, ada),
            json={"reason": "I have found a nicer one"},
        )
        assert (answer.status_code, answer.json()["cancellation"]) == (202, "requested")
    finally:
        await asyncio.to_thread(shop.stack.start, "inventory")
    order = await shop.ended(order_id)
    assert (order["status"], order["cancellation"]) == ("cancelled", "done")
    assert order["reason"] == "I have found a nicer one"
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_an_order_that_has_ended_cannot_be_cancelled(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    assert (await shop.call("POST", "order", f"/orders/{order['order_id']}/cancel")).status_code == 409


async def test_another_customer_s_order_cannot_be_cancelled(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    bob = shop.bearer(Role.CUSTOMER, "bob")
    assert (await shop.call("POST", "order", f"/orders/{order_id}/cancel", headers=bob)).status_code == 404


async def test_a_cancellation_raced_against_the_pivot_ends_one_way_or_the_other_and_never_both(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 1_000), await shop.customer("ada", 500 * PRICE)

    async def place_and_call_back(nth: int) -> str:
        order_id = await shop.place(ada, {sku: 1})
        await asyncio.sleep(nth % 20 / 100)  # so that cancellations meet every moment of the saga
        answer = await shop.call("POST", "order", f"/orders/{order_id}/cancel")
        assert answer.status_code in {202, 409}
        return order_id

    orders = await shop.all_ended(await asyncio.gather(*(place_and_call_back(nth) for nth in range(200))))
    ends = {(order["status"], order["cancellation"]) for order in orders}
    assert ends <= {("cancelled", "done"), ("confirmed", "too_late"), ("confirmed", None)}
    await assert_balanced(shop, orders, stocked={sku: 1_000}, paid_in={ada: 500 * PRICE})
