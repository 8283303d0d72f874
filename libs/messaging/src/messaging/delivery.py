"""A message as the broker delivered it, until it is acknowledged."""

from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter

from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from messaging.amqp import from_amqp, salvage
from messaging.errors import Unreadable
from messaging.keep_alive import is_cancelled
from messaging.received import Received


class Delivery:
    """A message from this queue: `received` as far as it can be read, and why not where it cannot.

    `arrived` is the time of `perf_counter`.
    """

    __slots__ = ("arrived", "message", "queue", "received", "unreadable")

    def __init__(self, queue: str, message: AbstractIncomingMessage) -> None:
        self.queue = queue
        self.message = message
        self.arrived = perf_counter()
        self.unreadable: Unreadable | None = None
        try:
            envelope = from_amqp(message)
        except Unreadable as error:
            self.unreadable = error
            envelope = salvage(message)
        self.received = Received(envelope, queue)

    async def acknowledge(self) -> None:
        """Tell the broker that it is done; where the channel is gone, the inbox answers the redelivery."""
        with _whether_or_not_the_channel_lives():
            await self.message.ack()

    async def give_up(self) -> None:
        """Leave it to the broker's own dead lettering; where the channel is gone, it is delivered again."""
        with _whether_or_not_the_channel_lives():
            await self.message.reject(requeue=False)


@contextmanager
def _whether_or_not_the_channel_lives() -> Iterator[None]:
    with suppress(AMQPError, ChannelInvalidStateError, ConnectionError):
        try:
            yield
        except CancelledError:
            if is_cancelled():
                raise
