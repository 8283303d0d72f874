"""An order, from the request to its end."""

import asyncio
from uuid import uuid4

from books import assert_balanced
from shop import PLENTY, PRICE, Shop


async def test_an_order_that_can_be_had_and_paid_is_confirmed(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", 5 * PRICE)
    order = await shop.ended(await shop.place(ada, {sku: 3}), within=10)
    assert (order["status"], order["total"]) == ("confirmed", {"amount": 3 * PRICE, "currency": "EUR"})
    assert await shop.stock(sku) == {"on_hand": 7, "reserved": 0, "sold": 3}
    assert await shop.account(ada) == {"available": 2 * PRICE, "held": 0, "captured": 3 * PRICE}


async def test_the_history_of_a_confirmed_order_is_in_order(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    saga = await shop.saga_ended(order["saga_id"])
    assert (saga["saga"], saga["version"], saga["key"], saga["status"]) == (
        "place_order",
        2,
        order["order_id"],
        "completed",
    )
    succeeded = [row["step"] for row in saga["history"] if row["event"] == "succeeded"]
    assert sorted(succeeded[:2]) == ["authorize_payment", "reserve_stock"]  # in parallel, so either may be first
    assert succeeded[2:] == ["capture_payment", "commit_stock", "approve_order"]


async def test_an_order_that_cannot_be_had_is_rejected_and_costs_nothing(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 2}))
    assert order["status"] == "rejected"
    assert order["reason"] == f"{sku}: 2 wanted, 1 on hand"
    await assert_balanced(shop, [order], stocked={sku: 1}, paid_in={ada: PLENTY})


async def test_of_several_lines_all_or_none_are_reserved(shop: Shop) -> None:
    lamp, desk = await shop.stocked("lamp", 5), await shop.stocked("desk", 0)
    ada = await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {lamp: 1, desk: 1}))
    assert order["status"] == "rejected"
    await assert_balanced(shop, [order], stocked={lamp: 5, desk: 0}, paid_in={ada: PLENTY})


async def test_an_order_that_cannot_be_paid_is_rejected_and_its_stock_released(shop: Shop) -> None:
    sku, bob = await shop.stocked("lamp", 5), await shop.customer("bob", PRICE - 1)
    order = await shop.ended(await shop.place(bob, {sku: 1}))
    assert order["status"] == "rejected"
    assert order["reason"] == "insufficient funds: 10.00 EUR wanted, 9.99 EUR available"
    assert order["code"] == "insufficient_funds"
    listed = (await shop.call("GET", "order", f"/orders?customer_id={order['customer_id']}")).json()["items"]
    assert [(each["order_id"], each["code"]) for each in listed] == [(order["order_id"], "insufficient_funds")]
    await assert_balanced(shop, [order], stocked={sku: 5}, paid_in={bob: PRICE - 1})
    saga = await shop.saga(order["saga_id"])
    assert saga["code"] == "insufficient_funds"
    assert [row["code"] for row in saga["history"] if row["event"] == "refused"] == ["insufficient_funds"]
    assert [row["step"] for row in saga["history"] if row["direction"] == "compensation"] == [
        *["reserve_stock"] * 2,
        *["place_order"] * 2,
    ]


async def test_a_customer_without_an_account_is_rejected(shop: Shop) -> None:
    sku, nobody = await shop.stocked("lamp", 5), shop.named("nobody")
    order = await shop.ended(await shop.place(nobody, {sku: 1}))
    assert (order["status"], order["reason"]) == ("rejected", f"unknown customer: {nobody}")


async def test_the_same_key_twice_is_one_order_with_one_answer(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    key = str(uuid4())
    first = await shop.post_order(ada, {sku: 1}, key=key)
    order = await shop.ended(first.json()["order_id"])
    again = await shop.post_order(ada, {sku: 1}, key=key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_the_same_key_at_the_same_moment_is_one_order(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    key = str(uuid4())
    answers = await asyncio.gather(*(shop.post_order(ada, {sku: 1}, key=key) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["order_id"] for answer in answers}) == 1


async def test_the_same_key_for_another_order_is_refused(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    key = str(uuid4())
    await shop.post_order(ada, {sku: 1}, key=key)
    assert (await shop.post_order(ada, {sku: 2}, key=key)).status_code == 422


async def test_an_order_keeps_the_price_it_was_placed_at(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    await shop.stocked("lamp", 10, price=9 * PRICE)
    assert (await shop.ended(order_id))["total"]["amount"] == PRICE


async def test_five_hundred_orders_at_once_all_end_and_the_books_balance(shop: Shop) -> None:
    stocked = {
        await shop.stocked(name, on_hand): on_hand for name, on_hand in {"lamp": 200, "desk": 10_000}.items()
    }
    paid_in = {
        await shop.customer(name, funds): funds for name, funds in {"ada": PLENTY, "bob": 40 * PRICE}.items()
    }
    lamp, desk = stocked
    ada, bob = paid_in
    wanted = [(ada, {lamp: 1, desk: 2}), (bob, {desk: 1}), (ada, {lamp: 2}), (bob, {lamp: 1})]
    order_ids = await asyncio.gather(*(shop.place(*wanted[nth % 4]) for nth in range(500)))
    orders = await shop.all_ended(order_ids)
    assert {order["status"] for order in orders} == {"confirmed", "rejected"}
    await assert_balanced(shop, orders, stocked=stocked, paid_in=paid_in)
