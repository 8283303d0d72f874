"""A message as the broker delivered it, until it is acknowledged."""

from time import perf_counter

from aio_pika.abc import AbstractIncomingMessage

from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.errors import UndecodableError
from counterstep.messaging.wire.amqp import from_amqp, salvage


class Delivery:
    """A message from this queue: `received` as far as it can be read, and why not where it cannot.

    `arrived` is the time of `perf_counter`, `tag` the broker's number of the delivery on its channel.
    """

    __slots__ = ("arrived", "channel", "message", "queue", "received", "tag", "unreadable")

    def __init__(self, queue: str, message: AbstractIncomingMessage) -> None:
        """Raises `ChannelInvalidStateError` where its channel is gone: it is delivered again."""
        self.queue = queue
        self.message = message
        self.channel = message.channel
        self.tag = message.delivery_tag or 0
        self.arrived = perf_counter()
        self.unreadable: UndecodableError | None = None
        try:
            envelope = from_amqp(message)
        except UndecodableError as error:
            self.unreadable = error
            envelope = salvage(message)
        self.received = Received(envelope, queue)
