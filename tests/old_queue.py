"""A queue as an earlier release declared it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from infra.launcher.native.stack import Stack


@asynccontextmanager
async def left_by_an_earlier_release(stack: Stack, name: str, exchange: str = "") -> AsyncIterator[None]:
    """Inside the block the queue is there, bound to an exchange of the earlier release if one is named."""
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
        if exchange:
            await channel.declare_exchange(exchange, "topic", durable=True)
            await queue.bind(exchange, name)
        try:
            yield
        finally:
            await channel.queue_delete(name)
            if exchange:
                await channel.exchange_delete(exchange)
