"""Publishing, over a connection of its own: `publish` returns when the broker has the message, and raises if not.

The outbox relay publishes thousands of messages at once and needs the confirm of each. So it works on aiormq's
channel, whose `basic_publish` is the public call with the least between it and the socket.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter
from typing import Final, TypeAlias, cast

import aio_pika
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelClosed, DeliveryError, PublishError
from aiormq import Channel
from yarl import URL

from counterstep.messaging.observability.metrics import Published, of_exchange
from counterstep.messaging.observability.spans import sending
from counterstep.messaging.wire.amqp import to_amqp
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UnsendableError
from counterstep.messaging.wire.sendable import check_sendable

CONFIRM_SECONDS: Final = 4.0
"""How long the broker may take to accept and confirm a message: less than its lease in the outbox."""

BLOCKED_AFTER_SECONDS: Final = 0.05

_REFUSALS: Final[dict[type[Exception], Published]] = {
    PublishError: "returned",
    DeliveryError: "nacked",
    ChannelClosed: "forbidden",
    TimeoutError: "timeout",
    UnsendableError: "unsendable",
}
"""How each failure is counted. A `PublishError` is a `DeliveryError` too, so it comes first."""

NotPublished = tuple(_REFUSALS)
"""Unroutable, nacked, forbidden, unconfirmed or unsendable: a failure of this message, not of the connection."""

Permit: TypeAlias = Callable[[], Awaitable[None]]
"""Returns as soon as a message may be published; a plug-in can hold publishing up by it."""


async def at_once() -> None:
    """The permit that is always given."""


class Publisher:
    """Publishes persistent, mandatory messages with confirms."""

    def __init__(self, connection: AbstractConnection, channel: Channel, sender: str, permit: Permit) -> None:
        self._connection = connection
        self._channel = channel
        self._sender = sender
        self._permit = permit

    async def publish(self, envelope: Envelope) -> None:
        """Return once the broker has confirmed. Raises one of `NotPublished`, or the loss of the connection."""
        with sending(envelope), _counted(envelope.exchange):
            check_sendable(envelope)  # an earlier release wrote rows unchecked
            properties = to_amqp(envelope, sender=self._sender)
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._unblocked()  # so that a message that times out was never written to the socket
                await self._channel.basic_publish(
                    envelope.body,
                    exchange=envelope.exchange,
                    routing_key=envelope.routing_key,
                    properties=properties,
                    mandatory=True,
                    wait=False,  # many are on their way at once; what counts is the confirm
                )

    async def is_paused(self) -> bool:
        """Whether the permit is withheld for now."""
        return not await _at_once(self._permit())

    async def is_blocked(self) -> bool:
        """Whether the broker accepts nothing for now, because its memory or its disk is low."""
        return not await _at_once(self._writable())

    async def lost(self) -> None:
        """Wait until the channel or its connection ends. Raises `ConnectionError` then."""
        ends = [
            asyncio.ensure_future(self._channel.closing),
            asyncio.ensure_future(self._connection.closed()),
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        raise ConnectionError("the publishing channel was closed")

    async def _unblocked(self) -> None:
        await self._permit()
        await self._writable()

    async def _writable(self) -> None:
        if self._connection.transport:
            await self._connection.transport.ready()  # it waits while the broker blocks the connection


async def _at_once(wait: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(BLOCKED_AFTER_SECONDS):
            await wait
    except TimeoutError:
        return False
    return True


@contextmanager
def _counted(exchange: str) -> Iterator[None]:
    began = perf_counter()
    try:
        yield
    except NotPublished as error:
        of_exchange(exchange).refused(next(name for kind, name in _REFUSALS.items() if isinstance(error, kind)))
        raise
    of_exchange(exchange).confirmed(perf_counter() - began)


@asynccontextmanager
async def publishing(amqp_url: str, sender: str, permit: Permit = at_once) -> AsyncIterator[Publisher]:
    """Open the connection. It is not restored when it is lost, so no publish ever waits for a reconnect."""
    url = URL(amqp_url).update_query(heartbeat=15, name=f"{sender} relay")
    connection = await aio_pika.connect(url, timeout=10)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        yield Publisher(connection, cast(Channel, await channel.get_underlay_channel()), sender, permit)
