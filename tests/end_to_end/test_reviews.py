"""An order that a person must look at: the answer comes later, also across restarts."""

import asyncio

from books import assert_balanced
from counterstep.http.roles import Role
from large_orders import FUNDS, dear_order
from shop import Shop


async def test_a_dear_order_goes_on_when_it_is_approved_also_after_a_restart(shop: Shop) -> None:
    sku, ada, order_id = await dear_order(shop)
    for service in ("order", "orchestrator"):
        await asyncio.to_thread(shop.stack.kill, service)
    assert (await shop.order(order_id))["status"] == "pending"
    answer = await shop.call("POST", "order", f"/reviews/{order_id}/approve")
    assert (answer.status_code, answer.json()["decided_by"]) == (202, "tester")
    order = await shop.ended(order_id)
    assert order["status"] == "confirmed"
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: FUNDS})


async def test_a_dear_order_that_is_turned_down_is_rejected_with_the_reason(shop: Shop) -> None:
    sku, ada, order_id = await dear_order(shop)
    answer = await shop.call("POST", "order", f"/reviews/{order_id}/reject", json={"reason": "no harbour"})
    assert answer.status_code == 202
    order = await shop.ended(order_id)
    assert (order["status"], order["reason"]) == ("rejected", "no harbour")
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: FUNDS})


async def test_a_review_is_decided_once(shop: Shop) -> None:
    _, _, order_id = await dear_order(shop)
    await shop.call("POST", "order", f"/reviews/{order_id}/approve")
    again = await shop.call("POST", "order", f"/reviews/{order_id}/reject", json={"reason": "too late"})
    assert again.status_code == 409
    assert (await shop.ended(order_id))["status"] == "confirmed"


async def test_a_review_is_an_operator_s_work(shop: Shop) -> None:
    _, ada, order_id = await dear_order(shop)
    answer = await shop.call(
        "POST", "order", f"/reviews/{order_id}/approve", headers=shop.bearer(Role.CUSTOMER, ada)
    )
    assert answer.status_code == 403
    await shop.call("POST", "order", f"/reviews/{order_id}/approve")


async def test_a_dear_order_that_is_cancelled_needs_no_review_any_more(shop: Shop) -> None:
    sku, ada, order_id = await dear_order(shop)
    answer = await shop.call("POST", "order", f"/orders/{order_id}/cancel")
    assert (answer.status_code, answer.json()["cancellation"]) == (202, "requested")
    order = await shop.ended(order_id)
    assert order["status"] == "cancelled"
    assert (await shop.call("POST", "order", f"/reviews/{order_id}/approve")).status_code == 409
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: FUNDS})


async def test_a_decision_is_not_lost_when_the_review_command_was_resent(shop: Shop) -> None:
    sku, ada, order_id = await dear_order(shop)
    saga_id = (await shop.order(order_id))["saga_id"]
    retried = await shop.call("POST", "orchestrator", f"/sagas/{saga_id}/retry", json={"reason": "is it there?"})
    assert retried.status_code == 202
    await shop.call("POST", "order", f"/reviews/{order_id}/approve")
    order = await shop.ended(order_id)
    assert order["status"] == "confirmed"
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: FUNDS})
