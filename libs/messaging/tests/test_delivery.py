"""A delivery whose channel goes away while it is acknowledged: it is delivered again, and nobody is hurt."""

import asyncio
from typing import Any

import pytest
from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from envelopes import a_command
from messaging.amqp import to_amqp
from messaging.delivery import Delivery
from pamqp.commands import Basic
from pamqp.header import ContentHeader


class Closing:
    """A channel that is closed while bytes wait to be written: aiormq cancels whoever waits for them."""

    is_closed = False

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def basic_ack(self, **_: Any) -> None:
        self.asked.set()
        await self.written

    async def basic_reject(self, *_: Any, **__: Any) -> None:
        await self.basic_ack()


def delivered(channel: Any) -> Delivery:
    sent = to_amqp(a_command(), sender="orchestrator")
    header = ContentHeader(properties=sent.properties)
    message = DeliveredMessage(
        delivery=Basic.Deliver(delivery_tag=1), header=header, body=sent.body, channel=channel
    )
    return Delivery("payment.commands", IncomingMessage(message))


@pytest.mark.parametrize("settle", [Delivery.acknowledge, Delivery.give_up])
async def test_a_connection_that_is_closed_meanwhile_does_not_end_whoever_acknowledges(settle: Any) -> None:
    channel = Closing()
    task = asyncio.create_task(settle(delivered(channel)))
    await channel.asked.wait()
    channel.written.cancel()
    await task


async def test_whoever_is_cancelled_itself_while_it_acknowledges_ends() -> None:
    channel = Closing()
    task = asyncio.create_task(delivered(channel).acknowledge())
    await channel.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
