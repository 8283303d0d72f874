"""Every message on its way to a queue goes by way of the test, which may keep, delay, shuffle or double it."""

import asyncio
import random
from asyncio import Task
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from math import inf
from typing import Final, TypeAlias

import aio_pika
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from contracts.topology import SHOP
from counterstep.topology.topology import Queue
from impersonator import impersonator
from infra.launcher.native.stack import Stack
from waiting import eventually

UNREACHABLE: Final = (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError)
CONFIRMED_WITHIN: Final = 5.0
"""In seconds: a queue whose broker has just started may say no, or nothing."""

Wait: TypeAlias = Callable[[AbstractIncomingMessage], Awaitable[None]]


class Detour:
    """Takes a queue's place at its exchange, and passes `copies` of each message on to it, after `wait`."""

    def __init__(self, amqp_url: str, queue: Queue, wait: Wait, copies: int) -> None:
        self._amqp_url = amqp_url
        self._queue = queue
        self._wait = wait
        self._copies = copies
        self._name = f"detour.{queue.name}"
        self._under_way: set[Task[None]] = set()

    async def open(self) -> None:
        """From now on the queue gets nothing but what comes by here; what comes survives the broker's death."""
        async with _channel(self._amqp_url) as channel:
            detour = await channel.declare_queue(
                self._name, durable=True, arguments={"x-queue-type": "quorum", "x-delivery-limit": 100}
            )
            queue = await channel.get_queue(self._queue.name)
            for binding in self._queue.bindings:
                await detour.bind(binding.exchange, binding.key)
                await queue.unbind(binding.exchange, binding.key)

    async def run(self) -> None:
        """Pass messages on, without end, over one connection after the other."""
        while True:
            with suppress(*UNREACHABLE):
                async with _channel(self._amqp_url) as channel:
                    detour = await channel.get_queue(self._name)
                    await detour.consume(partial(self._receive, channel))
                    # A broker that has just started may cancel a consumer whose connection lives on.
                    await eventually(partial(self._consumers, channel), until=lambda some: not some, within=inf)
            await asyncio.sleep(0.1)  # a broker that is away is not asked without a pause

    async def close(self) -> None:
        """Give the queue its place back, and wait until all that is still here has been handed on."""
        async with _channel(self._amqp_url) as channel:
            detour = await channel.get_queue(self._name)
            queue = await channel.get_queue(self._queue.name)
            for binding in self._queue.bindings:
                await queue.bind(binding.exchange, binding.key)
                await detour.unbind(binding.exchange, binding.key)
            await eventually(partial(self._left, channel), until=lambda left: left == 0)
            await detour.delete(if_unused=False, if_empty=False)

    async def _consumers(self, channel: AbstractChannel) -> int:
        found = await channel.declare_queue(self._name, passive=True)
        return found.declaration_result.consumer_count or 0

    async def _left(self, channel: AbstractChannel) -> int:
        found = await channel.declare_queue(self._name, passive=True)
        return len(self._under_way) + (found.declaration_result.message_count or 0)

    async def _receive(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        task = asyncio.create_task(self._hand_on(channel, message))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _hand_on(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        await self._wait(message)
        try:
            for _ in range(self._copies):
                await channel.default_exchange.publish(_copy(message), self._queue.name, timeout=CONFIRMED_WITHIN)
            await message.ack()
        except UNREACHABLE:
            with suppress(
                *UNREACHABLE
            ):  # where the connection is lost, the broker delivers it here again by itself
                await message.reject(requeue=True)


@asynccontextmanager
async def detoured(stack: Stack, wait: Wait, *queues: Queue, copies: int = 1) -> AsyncIterator[None]:
    """Inside the block these queues, or all, are filled by way of detours."""
    async with AsyncExitStack() as exits:
        url = await exits.enter_async_context(impersonator(stack))
        for queue in queues or tuple(SHOP.consumed_queues()):
            detour = Detour(url, queue, wait, copies)
            await detour.open()
            running = asyncio.create_task(detour.run())
            exits.push_async_callback(_ended, running)
            exits.push_async_callback(detour.close)
        yield


async def at_random(_: AbstractIncomingMessage) -> None:
    """A delay of up to a quarter of a second, unlike that of its neighbours: so they change their order."""
    await asyncio.sleep(random.uniform(0, 0.25))  # noqa: S311 - disorder needs no cryptography


@asynccontextmanager
async def _channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


async def _ended(running: Task[None]) -> None:
    """Wait for its connection to be closed, too: at the end of the loop, nobody would answer."""
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def _copy(message: AbstractIncomingMessage) -> Message:
    return Message(
        message.body,
        headers=message.headers,
        content_type=message.content_type,
        delivery_mode=message.delivery_mode,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        user_id=message.user_id,
        type=message.type,
    )
