"""A message as the broker delivered it, until it is acknowledged."""

from time import perf_counter

from aio_pika.abc import AbstractIncomingMessage

from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire.amqp import from_amqp, salvage
from counterstep.messaging.wire.errors import UndecodableError


class Delivery(Received):
    """What a service consumes, and what it takes to acknowledge it.

    `message` is the raw AMQP message; `tag` is the broker's number for this delivery on `channel`. `arrived` is a
    time of `perf_counter`, in seconds. `undecodable` says why the envelope could not be read, where that is so;
    then `envelope` holds whatever could be salvaged.
    """

    __slots__ = ("arrived", "channel", "message", "queue", "tag", "undecodable")

    def __init__(self, queue: str, message: AbstractIncomingMessage) -> None:
        """Raises `ChannelInvalidStateError` where its channel is closed: the broker delivers it again."""
        self.queue = queue
        self.message = message
        self.channel = message.channel
        self.tag = message.delivery_tag or 0
        self.arrived = perf_counter()
        self.undecodable: UndecodableError | None = None
        try:
            envelope = from_amqp(message, reader=queue.partition(".")[0])
        except UndecodableError as error:
            self.undecodable = error
            envelope = salvage(message)
        super().__init__(envelope, queue)
