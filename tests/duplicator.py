"""Delivers every message twice, from outside: it listens beside each queue and puts a copy into it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from contracts.topology import SHOP
from counterstep.topology.topology import Queue
from impersonator import impersonator
from infra.launcher.native.stack import Stack


class Duplicator:
    """Counts what it has delivered a second time."""

    def __init__(self) -> None:
        self.copies = 0

    async def listen_beside(self, channel: AbstractChannel, queue: Queue) -> None:
        beside = await channel.declare_queue(exclusive=True)
        for binding in queue.bindings:
            await beside.bind(binding.exchange, binding.key)

        async def copy(message: AbstractIncomingMessage) -> None:
            again = Message(
                message.body,
                headers=message.headers,
                content_type=message.content_type,
                delivery_mode=message.delivery_mode,
                message_id=message.message_id,
                correlation_id=message.correlation_id,
                user_id=message.user_id,
                type=message.type,
            )
            await channel.default_exchange.publish(again, queue.name)
            self.copies += 1
            await message.ack()

        await beside.consume(copy)


@asynccontextmanager
async def duplicating(stack: Stack) -> AsyncIterator[Duplicator]:
    """Inside the block, every service receives every message twice."""
    async with impersonator(stack) as url, await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        duplicator = Duplicator()
        for queue in SHOP.consumed_queues():
            await duplicator.listen_beside(channel, queue)
        yield duplicator
