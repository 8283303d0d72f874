"""Publishing, over a connection of its own: `publish` returns when the broker has the message, and raises if not.

The outbox relay publishes thousands of messages at once and needs the confirm of each. So it works on aiormq's
channel, whose `basic_publish` is the public call with the least between it and the socket.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from time import perf_counter
from typing import Final, TypeAlias, cast

import aio_pika
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelClosed, DeliveryError, PublishError
from aiormq import Channel
from aiormq.exceptions import ChannelAccessRefused, ChannelNotFoundEntity, ChannelPreconditionFailed
from yarl import URL

from counterstep.messaging.observability.metrics import Published, of_exchange
from counterstep.messaging.observability.spans import sending
from counterstep.messaging.wire.amqp import to_amqp
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UnsendableError
from counterstep.messaging.wire.pack import packed, properties_of_pack
from counterstep.messaging.wire.properties import OurProperties
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

_UNENCODABLE: Final = (ValueError, TypeError, struct.error)
"""What the client library raises, before it writes anything, where it cannot encode a message."""

NotPublished = tuple(_REFUSALS)
"""Unroutable, nacked, forbidden, unconfirmed or unsendable: a failure of this message, not of the connection."""

AtFault = (UnsendableError, ChannelAccessRefused, ChannelPreconditionFailed)
"""What no later try changes, where the message was alone: it may not be sent so, and not there."""

NotFound = (PublishError, ChannelNotFoundEntity)
"""There is no such queue, or no such exchange. There may soon be one."""

Permit: TypeAlias = Callable[[], Awaitable[None]]
"""Returns as soon as a message may be published; a plug-in can hold publishing up by it."""


async def at_once() -> None:
    """The permit that is always given."""


class Publisher:
    """Publishes persistent, mandatory messages with confirms."""

    def __init__(self, connection: AbstractConnection, sender: str, permit: Permit, *, alone: bool) -> None:
        self._connection = connection
        self._sender = sender
        self._permit = permit
        self._alone = alone
        self._channel: Channel

    async def open_channel(self) -> None:
        """Open a channel in place of the one that the broker has closed. No publish may be under way."""
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._channel = cast(Channel, await channel.get_underlay_channel())

    async def publish(self, envelope: Envelope) -> None:
        """Return once the broker has confirmed. Raises one of `NotPublished`, or the loss of the connection."""
        with sending(envelope), _counted(envelope.exchange, alone=self._alone):
            check_sendable(envelope)  # an earlier release wrote rows unchecked
            await self._send(envelope, envelope.body, to_amqp(envelope, sender=self._sender))

    async def publish_together(self, envelopes: Sequence[Envelope]) -> None:
        """Return once the broker has confirmed these messages of one address, as a pack.

        Raises one of `NotPublished`, or the loss of the connection; then none of them was confirmed.
        """
        for envelope in envelopes:  # before their spans begin, because those without fault are sent later
            check_sendable(envelope)
        with ExitStack() as each:
            for envelope in envelopes:
                each.enter_context(sending(envelope))
            each.enter_context(_counted(envelopes[0].exchange, alone=self._alone, messages=len(envelopes)))
            await self._send(envelopes[0], packed(envelopes), properties_of_pack(sender=self._sender))

    async def _send(self, address: Envelope, body: bytes, properties: OurProperties) -> None:
        async with asyncio.timeout(CONFIRM_SECONDS):
            await self._unblocked()  # so that a message that times out was never written to the socket
            try:
                await self._channel.basic_publish(
                    body,
                    exchange=address.exchange,
                    routing_key=address.routing_key,
                    properties=properties,
                    mandatory=True,
                    wait=False,  # many are on their way at once; what counts is the confirm
                )
            except _UNENCODABLE as error:
                raise UnsendableError(f"AMQP cannot carry it: {error}") from error

    async def is_paused(self) -> bool:
        """Whether the permit is withheld for now."""
        return not await _at_once(self._permit())

    async def is_blocked(self) -> bool:
        """Whether the broker accepts nothing for now, because its memory or its disk is low."""
        return not await _at_once(self._writable())

    @property
    def is_closed(self) -> bool:
        """Whether the broker has closed the channel, or the connection is lost."""
        return self._channel.is_closed

    @property
    def is_refused(self) -> bool:
        """Whether the broker has closed the channel, for the fault of a message."""
        if not self._channel.is_closed or self._channel.closing.cancelled():
            return False
        return isinstance(self._channel.closing.exception(), ChannelClosed)

    async def channel_closed(self) -> None:
        """Wait until the broker closes the channel, for the fault of a message.

        Raises `ConnectionError` where the connection itself is lost.
        """
        ends = [
            asyncio.ensure_future(self._channel.closing),
            asyncio.ensure_future(self._connection.closed()),
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not self.is_refused:
            raise ConnectionError("the publishing connection was closed")

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
def _counted(exchange: str, *, alone: bool, messages: int = 1) -> Iterator[None]:
    began = perf_counter()
    try:
        yield
    except NotPublished as error:
        name = next(name for kind, name in _REFUSALS.items() if isinstance(error, kind))
        outcome: Published = "interrupted" if name == "forbidden" and not alone else name
        of_exchange(exchange).refused(outcome, messages)
        raise
    of_exchange(exchange).confirmed(perf_counter() - began, messages)


@asynccontextmanager
async def publishing(
    amqp_url: str, sender: str, permit: Permit = at_once, *, alone: bool = True
) -> AsyncIterator[Publisher]:
    """Open a connection with a channel. Neither is restored when it is lost: no publish waits for a reconnect.

    `alone` says that one message at a time is published, so that a closed channel is the fault of that message.
    """
    url = URL(amqp_url).update_query(heartbeat=15, name=f"{sender} relay{', suspects' if alone else ''}")
    connection = await aio_pika.connect(url, timeout=10)
    async with connection:
        publisher = Publisher(connection, sender, permit, alone=alone)
        await publisher.open_channel()
        yield publisher
