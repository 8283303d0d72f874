"""How many orders a second end, from the first request to the last confirmation."""

import asyncio
import time
from typing import Any, Final

from infra.stack import Stack
from shop import PLENTY, PRICE, Shop
from waiting import eventually

WARM_UP: Final = 50
ORDERS: Final = 400
AT_ONCE: Final = 32


async def orders_per_second(stack: Stack) -> float:
    """Place so many orders, so many at once, and wait for all of them. Raises `AssertionError` where one fails."""
    async with Shop(stack) as shop:
        sku = await shop.stocked("lamp", ORDERS + WARM_UP)
        ada = await shop.customer("ada", PLENTY * PRICE)
        await _trade(shop, ada, sku, WARM_UP)
        began = time.perf_counter()
        await _trade(shop, ada, sku, ORDERS)
        took = time.perf_counter() - began
        assert await shop.stock(sku) == {"on_hand": 0, "reserved": 0, "sold": ORDERS + WARM_UP}
    return ORDERS / took


async def _trade(shop: Shop, customer: str, sku: str, orders: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def place() -> None:
        async with gate:
            await shop.place(customer, {sku: 1})

    await asyncio.gather(*(place() for _ in range(orders)))
    await eventually(lambda: _pending(shop), until=lambda items: not items, within=120)


async def _pending(shop: Shop) -> Any:
    return (await shop.get("order", "/orders?status=pending&limit=1"))["items"]
