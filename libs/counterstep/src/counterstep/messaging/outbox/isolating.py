"""Publishes messages together, and alone those that were on their way when the broker closed the channel.

The broker closes a channel for the fault of one message: it may not be written there, or its exchange does not
exist. AMQP does not say which message it was, and all others on their way are lost with the channel. So each of
their addresses is suspected, and tried alone, over a second connection. A confirm clears an address; its other
messages go together again. An address that the broker refuses stays suspected for a while.
"""

import asyncio
from asyncio import CancelledError
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final, TypeAlias

import structlog
from aio_pika.exceptions import AMQPError, ChannelClosed, ChannelInvalidStateError, DeliveryError
from aiormq.exceptions import ChannelAccessRefused, ChannelNotFoundEntity

from counterstep.messaging.observability.metrics import ISOLATED
from counterstep.messaging.outbox.publisher import NotPublished, Publisher
from counterstep.messaging.wire.cancellation import is_cancelled
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UnsendableError

SUSPECTED_SECONDS: Final = 90.0
"""For how long an address stays suspected after a refusal: longer than the longest pause between two tries."""

Address: TypeAlias = tuple[str, str]
"""An exchange and a routing key."""

Open: TypeAlias = Callable[..., AbstractAsyncContextManager[Publisher]]
"""Opens a connection to the broker, for messages that are `alone` on it or not."""

_OF_THE_ADDRESS: Final = (ChannelAccessRefused, ChannelNotFoundEntity)
"""The broker looks at the address alone to refuse with these, so one message speaks for all of its address."""

log: Final = structlog.get_logger()


class IsolatingPublisher:
    """Publishes over one connection as long as nothing is refused, which costs nothing more."""

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self._suspects: dict[Address, float] = {}
        self._together: Publisher | None = None
        self._opened = asyncio.Event()
        self._alone: Publisher | None = None
        self._second = AsyncExitStack()
        self._turn = asyncio.Lock()
        self._queued = 0

    @property
    def together(self) -> Publisher | None:
        """The publisher that all messages share; `None` while it is opened again."""
        return self._together

    async def run(self, opened: Callable[[], None]) -> None:
        """Keep the shared connection open. Raises `ConnectionError` when it is lost.

        After a channel error the connection is replaced, and not only its channel: what was being written to
        the channel while the broker closed it would end the connection at any time.
        """
        try:
            while True:
                async with self._open(alone=False) as publisher:
                    self._together = publisher
                    self._opened.set()
                    opened()
                    await publisher.channel_closed()
                    self._give_up(publisher)
                log.warning("the broker closed the publishing channel: what was on its way is published alone")
        finally:
            self._together = None
            self._opened.clear()
            await self._close_alone()

    async def publish(self, envelopes: Sequence[Envelope]) -> Sequence[Exception | None]:
        """Publish messages of one address, together where they may be.

        Gives for each, in their order, `None` once the broker has confirmed it, or the one of `NotPublished` that
        is the reason why it has not. Raises the loss of the connection.
        """
        if len(envelopes) > 1 and not self._is_suspected(envelopes[0]):
            publisher = self._together or await self._next()
            try:
                await publisher.publish_together(envelopes)
            except (DeliveryError, TimeoutError) as error:  # it concerns the address, or all of them alike
                return [error] * len(envelopes)
            except UnsendableError:
                pass  # one of them is at fault, so each is published by itself
            except ChannelInvalidStateError:
                self._give_up(publisher)
            except ChannelClosed:
                self._suspect(envelopes[0])
            except (CancelledError, OSError):
                if not publisher.is_refused or is_cancelled():
                    raise
                self._suspect(envelopes[0])
            else:
                return [None] * len(envelopes)
        return await asyncio.gather(*map(self._outcome, envelopes))

    async def _outcome(self, envelope: Envelope) -> Exception | None:
        try:
            await self._publish_one(envelope)
        except NotPublished as error:
            return error
        return None

    async def _publish_one(self, envelope: Envelope) -> None:
        """Return once the broker has confirmed.

        Raises one of `NotPublished`, or the loss of the connection. A `ChannelClosed` is the fault of this
        message: it was alone.
        """
        accused = False
        while True:
            if self._suspects and self._is_suspected(envelope):
                async with self._turn_alone():
                    if self._is_suspected(envelope):  # it may be cleared by now
                        return await self._publish_alone(envelope)
            publisher = self._together or await self._next()
            try:
                return await publisher.publish(envelope)
            except ChannelInvalidStateError:
                self._give_up(publisher)  # it was closed before this message was written
            except ChannelClosed as error:
                self._suspect(envelope)
                if accused or not isinstance(error, _OF_THE_ADDRESS):
                    async with self._turn_alone():
                        return await self._publish_alone(envelope)
                accused = True
            except (CancelledError, OSError) as error:
                if not publisher.is_refused or isinstance(error, TimeoutError) or is_cancelled():
                    raise
                self._suspect(envelope)  # it was written after the channel was closed, which ends the connection

    async def _publish_alone(self, envelope: Envelope) -> None:
        alone = await self._opened_alone()
        ISOLATED.inc()
        try:
            await alone.publish(envelope)
        except ChannelClosed:
            self._suspect(envelope)
            raise
        except DeliveryError:  # it may be written there, which clears its address
            self._suspects.pop(_address(envelope), None)
            raise
        except (CancelledError, OSError, RuntimeError) as error:
            if isinstance(error, TimeoutError) or is_cancelled():
                raise
            raise TimeoutError(f"the second connection was lost: {error!r}") from error
        self._suspects.pop(_address(envelope), None)

    async def _next(self) -> Publisher:
        while self._together is None:
            await self._opened.wait()
        return self._together

    def _give_up(self, publisher: Publisher) -> None:
        if self._together is publisher:
            self._together = None
            self._opened.clear()

    def _suspect(self, envelope: Envelope) -> None:
        self._suspects[_address(envelope)] = asyncio.get_running_loop().time() + SUSPECTED_SECONDS

    def _is_suspected(self, envelope: Envelope) -> bool:
        address = _address(envelope)
        until = self._suspects.get(address)
        if until is not None and until <= asyncio.get_running_loop().time():
            del self._suspects[address]
            until = None
        return until is not None

    @asynccontextmanager
    async def _turn_alone(self) -> AsyncIterator[None]:
        """One message at a time. The second connection is closed when no message waits for its turn."""
        self._queued += 1
        try:
            async with self._turn:
                try:
                    yield
                finally:
                    if self._queued == 1:
                        await self._close_alone()
        finally:
            self._queued -= 1

    async def _opened_alone(self) -> Publisher:
        try:
            if self._alone is not None and self._alone.is_refused:
                await self._alone.open_channel()
            elif self._alone is None or self._alone.is_closed:
                await self._close_alone()
                self._alone = await self._second.enter_async_context(self._open(alone=True))
        except (AMQPError, OSError, RuntimeError) as error:
            await self._close_alone()
            raise TimeoutError(f"there is no second connection to publish it alone: {error!r}") from error
        return self._alone

    async def _close_alone(self) -> None:
        self._alone = None
        await self._second.aclose()


def _address(envelope: Envelope) -> Address:
    return envelope.exchange, envelope.routing_key
