"""RabbitMQ alone: as many messages, through quorum queues, persistent, confirmed and acknowledged."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aio_pika
import psutil
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue, FieldValue
from infra.launcher.native.stack import Stack

from performance.meters import cpu_seconds
from performance.results import Floor

QUEUES: Final = 5  # as many as the services have
IN_FLIGHT: Final = 500


async def floor(stack: Stack, *, messages: float, length: int, seconds: float) -> Floor:
    """Publish and consume for `seconds`; a saga is `messages` messages, each of this many bytes."""
    taken = 0

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal taken
        await message.ack()
        taken += 1

    broker = stack.pid(stack.broker.name)
    async with _queues(stack) as (publishing, queues):
        consumers = [await queue.consume(take) for queue in queues]
        sending = asyncio.create_task(_publish(publishing, [queue.name for queue in queues], bytes(length)))
        await asyncio.wait({sending}, timeout=seconds / 5)
        before, own, begun, first = cpu_seconds(broker), cpu_seconds(psutil.Process().pid), time.monotonic(), taken
        await asyncio.wait({sending}, timeout=seconds)
        sagas = (taken - first) / messages
        took = time.monotonic() - begun
        cpu = {
            stack.broker.name: 1000 * (cpu_seconds(broker) - before) / sagas,
            "client": 1000 * (cpu_seconds(psutil.Process().pid) - own) / sagas,
        }
        sending.cancel()
        await asyncio.wait({sending})
        for queue, consumer in zip(queues, consumers, strict=True):
            await queue.cancel(consumer)
    what = f"{messages:.1f} messages of {length:,} bytes"
    return Floor(name="RabbitMQ alone", sagas_per_second=sagas / took, cpu_ms=cpu, what=what)


@asynccontextmanager
async def _queues(stack: Stack) -> AsyncIterator[tuple[aio_pika.abc.AbstractChannel, list[AbstractQueue]]]:
    """A channel that publishes, and queues of another connection; the queues are gone afterwards."""
    arguments: dict[str, FieldValue] = {"x-queue-type": "quorum"}
    async with await aio_pika.connect(stack.amqp_url) as one, await aio_pika.connect(stack.amqp_url) as other:
        publishing, consuming = await one.channel(publisher_confirms=True), await other.channel()
        await consuming.set_qos(prefetch_count=IN_FLIGHT)
        queues = [
            await consuming.declare_queue(f"floor.{number}", durable=True, arguments=arguments)
            for number in range(QUEUES)
        ]
        try:
            yield publishing, queues
        finally:
            for queue in queues:
                await queue.delete(if_unused=False, if_empty=False)


async def _publish(channel: aio_pika.abc.AbstractChannel, names: list[str], body: bytes) -> None:
    """Publish without end, with this many unconfirmed messages at once."""

    async def keep_on(number: int) -> None:
        name = names[number % len(names)]
        while True:
            message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, routing_key=name)

    async with asyncio.TaskGroup() as group:
        for number in range(IN_FLIGHT):
            group.create_task(keep_on(number))
