"""Services come and go, and so does what they need."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias, cast

import aio_pika
import httpx2
from aio_pika.abc import AbstractChannel
from aiormq import Channel as UnderlyingChannel
from books import assert_balanced
from counterstep.messaging.consumer.broker_consumer import BrokerConsumer, dedicated
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.origin import BrokerOrigin
from infra.components.rabbitmq.declarer import declare
from infra.launcher.native.stack import Stack
from shop import PLENTY, Shop
from structlog.testing import capture_logs
from structlog.typing import EventDict
from waiting import eventually

Disturbed: TypeAlias = tuple[BrokerConsumer, asyncio.Queue[Delivery], AbstractChannel]
"""A consumer of a queue of its own, what it receives, and a channel to disturb it by."""

QUEUE = "lifecycle"
"""A queue of these tests alone."""


async def readiness(shop: Shop, service: str) -> Any:
    """What the service says of its parts; nothing where it does not answer."""
    try:
        return (await shop.call("GET", service, "/health/ready")).json()
    except httpx2.TransportError:
        return {}


def is_ready(seen: Any) -> bool:
    return bool(seen.get("status") == "ready")


async def test_a_service_that_is_stopped_in_mid_flow_leaves_nothing_done_to_be_done_again(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 1_000), await shop.customer("ada", PLENTY)
    placing = [asyncio.create_task(shop.place(ada, {sku: 1})) for _ in range(150)]
    await asyncio.wait(placing[:50])
    await asyncio.to_thread(shop.stack.stop, "payment")
    await asyncio.to_thread(shop.stack.start, "payment")
    orders = await shop.all_ended(await asyncio.gather(*placing))
    await assert_balanced(shop, orders, stocked={sku: 1_000}, paid_in={ada: PLENTY})
    histories = [(await shop.saga(order["saga_id"]))["history"] for order in orders]
    assert not [row for history in histories for row in history if row["event"] == "ignored"]


async def test_a_queue_that_was_deleted_and_declared_again_is_consumed_again(shop: Shop, stack: Stack) -> None:
    async with httpx2.AsyncClient(auth=stack.broker.admin, base_url=stack.broker.management_url) as management:
        (await management.delete("/api/queues/counterstep/payment.commands")).raise_for_status()
    await eventually(lambda: readiness(shop, "payment"), until=lambda seen: not is_ready(seen))
    await declare(stack.broker)
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    assert order["status"] == "confirmed"


async def test_a_service_that_starts_before_the_broker_waits_for_it(shop: Shop, stack: Stack) -> None:
    await asyncio.to_thread(stack.stop, "rabbitmq")
    try:
        await asyncio.to_thread(stack.kill, "inventory")
        seen = await eventually(lambda: readiness(shop, "inventory"), until=lambda seen: "parts" in seen)
        assert seen["parts"]["database"] == "ok"
        assert seen["parts"]["consumers"] == "not connected to the broker"
        assert (await shop.call("GET", "inventory", "/health/live")).status_code == 200
    finally:
        await asyncio.to_thread(stack.start, "rabbitmq")
    await eventually(lambda: readiness(shop, "inventory"), until=is_ready)


async def test_consuming_begins_again_as_soon_as_a_deleted_queue_is_there_again(stack: Stack) -> None:
    async with consuming(stack) as (consumer, received, channel):
        await channel.queue_delete(QUEUE)
        await eventually(consumer.health, until=f"not consuming {QUEUE}".__eq__)
        await channel.declare_queue(QUEUE)
        await eventually(consumer.health, until="ok".__eq__)
        assert await passed_on(b"still here", channel, received)


async def test_a_channel_that_could_not_be_restored_at_once_is_restored_with_its_queue(
    stack: Stack,
) -> None:
    async with consuming(stack) as (consumer, received, channel):
        delivery = await passed_on(b"first", channel, received)
        assert isinstance(delivery.origin, BrokerOrigin)
        consuming_channel = cast(UnderlyingChannel, delivery.origin.receipt.channel)
        (tag,) = consuming_channel.consumers
        await consuming_channel.basic_cancel(tag)  # it receives no later delivery
        await channel.queue_delete(QUEUE)
        await consuming_channel.basic_ack(99)  # an error, for which the broker closes the channel
        await asyncio.wait([consuming_channel.closing], timeout=30)
        with capture_logs() as logs:
            await eventually(partial(given_up, logs), until=bool)
        assert await consumer.health() == f"not consuming {QUEUE}"
        await channel.declare_queue(QUEUE)
        await eventually(consumer.health, until="ok".__eq__)
        assert await passed_on(b"still here", channel, received)


async def given_up(logs: Sequence[EventDict]) -> list[EventDict]:
    """Each attempt to restore the channel that has failed."""
    return [line for line in logs if line["event"].startswith("not consuming")]


@asynccontextmanager
async def consuming(
    stack: Stack,
) -> AsyncIterator[Disturbed]:
    """Consume during the block."""
    received: asyncio.Queue[Delivery] = asyncio.Queue()
    consumer = BrokerConsumer(dedicated("tester", stack.amqp_url), {QUEUE: received.put})
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(QUEUE)
        running = asyncio.create_task(consumer.run())
        try:
            await eventually(consumer.health, until="ok".__eq__)
            yield consumer, received, channel
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await channel.queue_delete(QUEUE, if_unused=False, if_empty=False)


async def passed_on(body: bytes, channel: AbstractChannel, received: asyncio.Queue[Delivery]) -> Delivery:
    """The delivery of a message with this body."""
    await channel.default_exchange.publish(aio_pika.Message(body), QUEUE)
    delivery = await asyncio.wait_for(received.get(), 30)
    assert delivery.envelope.body == body
    return delivery
