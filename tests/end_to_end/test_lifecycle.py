"""Services come and go, and so does what they need."""

import asyncio
from typing import Any

import aio_pika
import httpx
import pytest
from aio_pika.exceptions import ChannelNotFoundEntity
from books import assert_balanced
from counterstep.messaging.consumer.broker_consumer import BrokerConsumer, ConsumerLostError
from counterstep.messaging.consumer.delivery import Delivery
from infra.components.rabbitmq.declarer import declare
from infra.launcher.native.stack import Stack
from shop import PLENTY, Shop
from waiting import eventually


async def readiness(shop: Shop, service: str) -> Any:
    """What the service says of its parts; nothing where it does not answer."""
    try:
        return (await shop.call("GET", service, "/health/ready")).json()
    except httpx.TransportError:
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
    async with httpx.AsyncClient(auth=stack.broker.admin, base_url=stack.broker.management_url) as management:
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


async def test_consuming_ends_where_a_queue_is_deleted_under_its_consumer_and_can_begin_anew(stack: Stack) -> None:
    received: asyncio.Queue[Delivery] = asyncio.Queue()
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("lifecycle")
        consumption = BrokerConsumer("tester", stack.amqp_url, {queue.name: received.put})
        running = asyncio.create_task(consumption.run())
        await eventually(consumption.health, until="ok".__eq__)
        await channel.queue_delete(queue.name)
        with pytest.raises((ConsumerLostError, ChannelNotFoundEntity)):
            await asyncio.wait_for(running, 30)
        await channel.declare_queue(queue.name)
        anew = asyncio.create_task(consumption.run())
        await channel.default_exchange.publish(aio_pika.Message(b"still here"), queue.name)
        delivery = await asyncio.wait_for(received.get(), 30)
        assert delivery.message.body == b"still here"
        anew.cancel()
        await asyncio.gather(anew, return_exceptions=True)
        await queue.delete(if_unused=False, if_empty=False)
