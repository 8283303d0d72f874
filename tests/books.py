"""The sums that must hold over the public APIs: what was confirmed was captured and sold, and nothing else was."""

from collections.abc import Sequence
from typing import Any

from shop import Shop


async def assert_balanced(
    shop: Shop, orders: Sequence[Any], *, stocked: dict[str, int], paid_in: dict[str, int]
) -> None:
    """Every figure of these products and customers follows from these orders, which have all ended."""
    for order in orders:
        await shop.saga_ended(order["saga_id"])
    confirmed = [order for order in orders if order["status"] == "confirmed"]
    for sku, on_hand in stocked.items():
        sold = sum(line["quantity"] for order in confirmed for line in order["lines"] if line["sku"] == sku)
        assert await shop.stock(sku) == {"on_hand": on_hand - sold, "reserved": 0, "sold": sold}
    for customer, available in paid_in.items():
        spent = sum(order["total"]["amount"] for order in confirmed if order["customer_id"] == customer)
        assert await shop.account(customer) == {"available": available - spent, "held": 0, "captured": spent}
