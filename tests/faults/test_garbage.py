"""What nobody can handle ends as a dead letter with its reason, and harms nothing else."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import aio_pika
from contracts.topology import SHOP
from counterstep.topology.topology import Queue
from impersonator import impersonator
from shop import Shop
from waiting import eventually

from faults.databases import databases
from faults.garbage import KINDS, garbage
from faults.market import Market


def signer(queue: Queue) -> str:
    """A service that may send to this queue, so that what is refused is the message and not its sender."""
    return next(each.name for each in SHOP.services.values() if each.publishes & set(queue.exchanges))


SIGNERS = {queue.name: signer(queue) for queue in SHOP.consumed_queues()}
"""Queue → the name with which its garbage is signed."""
COPIES = 10


async def test_a_thousand_undecodable_messages_are_dead_letters_and_no_order_is_harmed(market: Market) -> None:
    before = await dead_letters(market.shop)
    async with market.trading(50):
        await publish_garbage(market.shop)
    sent = len(SIGNERS) * len(KINDS) * COPIES
    assert sent == 1_050
    after = await eventually(
        lambda: dead_letters(market.shop), until=lambda found: len(found) - len(before) >= sent, within=60
    )
    new = {message_id: reason for message_id, reason in after.items() if message_id not in before}
    assert len(new) == sent
    assert all(new.values())
    market.expect_dead(*new)
    await market.assert_sound()


async def publish_garbage(shop: Shop) -> None:
    """Every kind into every queue, several times."""
    async with impersonator(shop.stack) as url, await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for queue, kind, _ in product(SIGNERS, KINDS, range(COPIES)):
            await channel.default_exchange.publish(garbage(kind, SIGNERS[queue]), queue)


async def dead_letters(shop: Shop) -> Mapping[Any, str]:
    async with databases(shop.stack) as opened:
        return await opened.dead_letters()
