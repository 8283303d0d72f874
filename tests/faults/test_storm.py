"""Everything at once."""

import asyncio
import time
from signal import SIGKILL, SIGQUIT

from infra.launcher.native.stack import Stack
from shop import Shop
from waiting import eventually

from faults.broker import management
from faults.detour import at_random, detoured
from faults.market import Market
from faults.processes import up
from faults.queues import queue

ORDERS = 250
RECOVERY_SECONDS = 60

# In seconds. A broker that is killed sooner after a quorum queue's declaration no longer knows which files are the
# queue's, and it sends no signal once it has written them (github.com/rabbitmq/ra, pull request 443).
REMEMBERED_AFTER = 1.0

DETOURED = (queue("inventory.commands"), queue("payment.commands"))

# What dies, after how many of the orders have been accepted.
DEATHS = (
    (25, "rabbitmq", SIGKILL),
    (50, "order", SIGKILL),
    (100, "postgres", SIGKILL),
    (150, "inventory", SIGKILL),
    (200, "rabbitmq", SIGKILL),
    (250, "payment", SIGKILL),
    (300, "postgres", SIGQUIT),
    (350, "orchestrator", SIGKILL),
    (400, "rabbitmq", SIGKILL),
)


async def test_many_orders_survive_the_death_of_everything_with_commands_late_and_doubled(
    shop: Shop,
) -> None:
    market = await Market.opened(shop, lamps=150, for_bob=100)
    async with detoured(shop.stack, at_random, *DETOURED, copies=2):
        await asyncio.sleep(REMEMBERED_AFTER)
        async with market.trading(ORDERS) as placing:
            for accepted, victim, signal in DEATHS:
                await asyncio.wait(placing[:accepted])
                await up(shop.stack, victim)
                await asyncio.to_thread(shop.stack.kill, victim, signal)
            last_death = time.monotonic()
        await market.assert_sound(within=RECOVERY_SECONDS - (time.monotonic() - last_death))
    orders = (await market.evidence()).orders.values()
    assert len(orders) == ORDERS
    assert any(order.status == "confirmed" for order in orders)
    await eventually(lambda: unacknowledged(shop.stack), until=lambda count: count == 0)


async def unacknowledged(stack: Stack) -> int:
    """How many messages the broker has delivered without an acknowledgement yet."""
    async with management(stack) as api:
        totals = (await api.get("/api/overview")).raise_for_status().json()["queue_totals"]
    return int(totals.get("messages_unacknowledged", 0))
