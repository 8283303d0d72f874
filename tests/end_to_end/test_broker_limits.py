"""What one user takes from the broker has bounds, so that a flood of one service stops no other."""

import asyncio
from contextlib import AsyncExitStack

import aio_pika
import pytest
from aio_pika import Message
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import AMQPError, PublishError
from contracts.topology import SHOP
from counterstep.topology.rabbitmq import CHANNELS_OF_A_USER, CONNECTIONS_OF_A_USER
from faults.broker import management
from infra.components.rabbitmq.conf import LARGEST_MESSAGE
from infra.components.rabbitmq.declarer import declare
from infra.launcher.native.stack import Stack
from shop import PLENTY, Shop


async def open_connections(stack: Stack, opened: AsyncExitStack) -> None:
    for _ in range(CONNECTIONS_OF_A_USER + 1):
        await opened.enter_async_context(await aio_pika.connect(stack.broker.url("payment")))


async def test_a_user_opens_no_more_connections_than_it_may_and_the_others_work_on(
    stack: Stack, shop: Shop
) -> None:
    async with AsyncExitStack() as flood:
        with pytest.raises(AMQPError, match=r"Connection\.Close"):
            await open_connections(stack, flood)
        sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
        assert (await shop.ended(await shop.place(ada, {sku: 1})))["status"] == "confirmed"


async def open_channels(connection: AbstractConnection) -> None:
    for _ in range(2):  # the broker counts a little later than it opens
        await asyncio.gather(*(connection.channel() for _ in range(CHANNELS_OF_A_USER)))


async def test_a_user_opens_no_more_channels_than_it_may(stack: Stack) -> None:
    async with await aio_pika.connect(stack.broker.url("payment")) as connection:
        with pytest.raises(AMQPError):
            await open_channels(connection)


async def test_the_watcher_opens_no_connection(stack: Stack) -> None:
    with pytest.raises(AMQPError):
        await aio_pika.connect(stack.broker.url(SHOP.watcher))


async def test_a_message_above_the_broker_s_bound_never_arrives(stack: Stack) -> None:
    async with await aio_pika.connect(stack.broker.url("payment")) as connection:
        replies = await (await connection.channel(on_return_raises=True)).get_exchange("replies", ensure=False)
        with pytest.raises(PublishError):  # returned, for this key leads nowhere: so it was taken
            await replies.publish(Message(b" " * LARGEST_MESSAGE), "nobody")
        with pytest.raises(AMQPError, match="larger than"):
            await replies.publish(Message(b" " * (LARGEST_MESSAGE + 1)), "nobody")


async def test_a_topic_permission_of_an_earlier_release_is_cleared(stack: Stack) -> None:
    old = {"exchange": "commands", "write": "^inventory", "read": "^$"}
    async with management(stack) as api:
        path = f"/api/topic-permissions/{SHOP.name}/{SHOP.orchestrator}"
        (await api.put(path, json=old)).raise_for_status()
        await declare(stack.broker)
        left = (await api.get(f"/api/vhosts/{SHOP.name}/topic-permissions")).raise_for_status().json()
    assert (SHOP.orchestrator, "commands") not in {(each["user"], each["exchange"]) for each in left}
