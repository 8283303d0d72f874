"""What earlier releases declared on the broker goes once it is empty, and is named while it is not."""

import asyncio

import aio_pika
import pytest
from contracts.topology import SHOP
from faults.broker import management
from infra.components.rabbitmq.declarer import declare
from infra.launcher.native.stack import Stack
from old_queue import left_by_an_earlier_release
from poison import INCOMPLETE, dead_letter, publish
from shop import Shop
from waiting import eventually

RETRY = "payment.commands.retry.1s"


async def names(stack: Stack, kind: str) -> set[str]:
    async with management(stack) as api:
        return {row["name"] for row in (await api.get(f"/api/{kind}/{SHOP.name}")).raise_for_status().json()}


async def put(stack: Stack, queue: str) -> None:
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(b"{}"), queue)


@pytest.mark.parametrize("queue", [RETRY, "payment.dead_letters", "unrouted"])
async def test_an_old_queue_goes_when_it_is_empty_and_its_exchange_with_it(stack: Stack, queue: str) -> None:
    async with left_by_an_earlier_release(stack, queue, "retry"):
        assert await declare(stack.broker) == []
        assert queue not in await names(stack, "queues")
        assert "retry" not in await names(stack, "exchanges")


@pytest.mark.parametrize("queue", [RETRY, "unrouted"])
async def test_an_old_queue_that_holds_a_message_stays_and_is_named_with_what_to_do(
    stack: Stack, queue: str
) -> None:
    async with left_by_an_earlier_release(stack, queue, "retry"):
        await put(stack, queue)
        [line] = await declare(stack.broker)
        assert queue in line
        assert "declare again" in line
        assert queue in await names(stack, "queues")
        assert "retry" not in await names(stack, "exchanges")  # so that nothing more gets into it


async def test_while_an_earlier_release_still_runs_nothing_of_it_goes(stack: Stack) -> None:
    async with left_by_an_earlier_release(stack, RETRY, "retry"):
        assert await declare(stack.broker, keep_old=True) == []
        assert RETRY in await names(stack, "queues")
        assert "retry" in await names(stack, "exchanges")
    await declare(stack.broker)


async def test_a_dead_letter_of_an_earlier_release_is_taken_over_and_then_its_queue_goes(
    shop: Shop, stack: Stack
) -> None:
    async with left_by_an_earlier_release(stack, "payment.dead_letters", "dead_letters"):
        message_id = await publish(shop, "payment.dead_letters", INCOMPLETE)
        [line] = await declare(stack.broker)
        assert "payment takes them into its database" in line
        await asyncio.to_thread(stack.stop, "payment")
        await asyncio.to_thread(stack.start, "payment")
        await dead_letter(shop, "payment", message_id, within=30)
        await eventually(lambda: declare(stack.broker), until=lambda left: left == [])
        assert "payment.dead_letters" not in await names(stack, "queues")
