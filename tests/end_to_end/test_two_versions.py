"""From an orchestrator that knows version 1 of a saga to one that knows both, with instances of both under way."""

import asyncio
from typing import Any

from another import another
from books import assert_balanced
from infra.launcher.native.stack import Stack
from outages import stopped
from shop import Shop
from waiting import eventually

DEAR = 11_000_00
"""A price at which an order waits for a review, in minor units."""
FUNDS = 1_000_000_00
EACH = 3


async def under_review(shop: Shop, customer: str, sku: str) -> list[Any]:
    """Orders whose instances have begun and wait for a person."""
    order_ids = await asyncio.gather(*(shop.place(customer, {sku: 1}) for _ in range(EACH)))
    await eventually(lambda: reviews(shop), until=set(order_ids).issubset)
    return [await shop.order(order_id) for order_id in order_ids]


async def reviews(shop: Shop) -> set[str]:
    return {review["order_id"] for review in (await shop.get("order", "/reviews?limit=100"))["items"]}


async def versions(shop: Shop, orders: list[Any]) -> set[int]:
    return {(await shop.saga(order["saga_id"]))["version"] for order in orders}


async def paid_after_reserving(shop: Shop, order: Any) -> bool:
    """Whether the payment was requested only after the stock was reserved, as in version 1."""
    history = (await shop.saga_ended(order["saga_id"]))["history"]
    events = [(row["step"], row["event"]) for row in history]
    return events.index(("authorize_payment", "asked")) > events.index(("reserve_stock", "succeeded"))


async def test_instances_of_both_versions_are_under_way_at_once_and_each_ends_on_its_own(
    shop: Shop, stack: Stack
) -> None:
    yacht, ada = await shop.stocked("yacht", 10, price=DEAR), await shop.customer("ada", FUNDS)
    async with stopped(shop, "orchestrator"), another(stack, "orchestrator", release="first_version"):
        old = await under_review(shop, ada, yacht)
    new = await under_review(shop, ada, yacht)
    assert (await versions(shop, old), await versions(shop, new)) == ({1}, {2})
    for order in (*old, *new):
        (await shop.call("POST", "order", f"/reviews/{order['order_id']}/approve")).raise_for_status()
    ended = await shop.all_ended(order["order_id"] for order in (*old, *new))
    assert {order["status"] for order in ended} == {"confirmed"}
    assert [await paid_after_reserving(shop, order) for order in (*old, *new)] == [True] * EACH + [False] * EACH
    await assert_balanced(shop, ended, stocked={yacht: 10}, paid_in={ada: FUNDS})
