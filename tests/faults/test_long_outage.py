"""An outage that outlasts the timeout of the broker many times is counted neither by it nor by the service."""

from typing import Any

import asyncpg
from books import assert_balanced
from contracts.topology import SHOP
from shop import PLENTY, Shop
from waiting import eventually

from faults.broker import close_connections, impatient, management
from faults.market import Market

CLOSES = 5
"""So often the broker closes the channel and delivers the same message again."""


async def redelivered(shop: Shop) -> int:
    """How often messages of payment's queue were delivered again."""
    async with management(shop.stack) as api:
        queue: Any = (await api.get(f"/api/queues/{SHOP.name}/payment.commands")).raise_for_status().json()
    return int(queue.get("message_stats", {}).get("redeliver", 0))


async def test_an_outage_that_outlasts_many_timeouts_makes_no_dead_letter(
    market: Market,
) -> None:
    shop = market.shop
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    before = await redelivered(shop)
    locks = await asyncpg.connect(shop.stack.database_url("payment"))
    async with impatient(shop.stack):
        await close_connections(shop.stack, "payment")  # its next channels have the shorter timeout
        async with locks.transaction():
            await locks.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            order_id = await shop.place(ada, {sku: 1})
            await eventually(lambda: redelivered(shop), until=lambda now: now >= before + CLOSES, within=120)
    orders = await shop.all_ended([order_id])
    await assert_balanced(shop, orders, stocked={sku: 10}, paid_in={ada: PLENTY})
    saga_id = (await shop.order(order_id))["saga_id"]
    for table in ("retries", "dead_letters"):
        assert not await locks.fetch(f"SELECT FROM {table} WHERE saga_id = $1", saga_id)
    await locks.close()
