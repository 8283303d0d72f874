"""A participant that does not answer."""

from books import assert_balanced
from outages import let_deadlines_pass, stopped, waiting_for_payment
from shop import PLENTY, Shop


async def test_a_timeout_before_the_pivot_is_compensated_and_so_is_the_late_success(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        waiting = await waiting_for_payment(shop, ada, sku)
        assert await let_deadlines_pass(shop.stack, waiting["saga_id"]) == ["authorize_payment"]
        order = await shop.ended(waiting["order_id"])
        assert (order["status"], order["reason"]) == ("rejected", "authorize_payment was not answered in time")
        assert await shop.stock(sku) == {"on_hand": 10, "reserved": 0, "sold": 0}
        assert (await shop.saga(order["saga_id"]))["status"] in {"compensating", "needs_attention"}
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: PLENTY})
    history = (await shop.saga(order["saga_id"]))["history"]
    assert ("authorize_payment", "in_doubt") in {(row["step"], row["event"]) for row in history}
    assert history[-1]["event"] == "compensated"
