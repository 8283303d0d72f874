"""An order that waits for a person."""

from shop import Shop
from waiting import eventually

DEAR = 6_000_00
FUNDS = 100_000_00


async def dear_order(shop: Shop) -> tuple[str, str, str]:
    """An order above the limit that waits for its review: its product, customer and id."""
    sku, ada = await shop.stocked("yacht", 10, price=DEAR), await shop.customer("ada", FUNDS)
    order_id = await shop.place(ada, {sku: 2})

    async def read() -> set[str]:
        return {review["order_id"] for review in (await shop.get("order", "/reviews?limit=100"))["items"]}

    await eventually(read, until=lambda waiting: order_id in waiting)
    return sku, ada, order_id
