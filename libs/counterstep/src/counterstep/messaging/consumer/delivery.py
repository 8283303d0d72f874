"""A message as the broker or the table of retries gave it, until it is settled."""

from time import perf_counter
from typing import Self
from uuid import UUID

from aio_pika.abc import AbstractIncomingMessage

from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.consumer.origin import BrokerOrigin, Origin, Receipt
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire.amqp import from_amqp, salvage
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError


class Delivery(Received):
    """What a service consumes from `queue`, and its origin, which knows what it takes to settle it.

    `arrived` is a time of `perf_counter`, in seconds. `undecodable` says why the envelope could not be read, where
    that is so; then `envelope` holds whatever could be salvaged.
    """

    __slots__ = ("arrived", "origin", "queue", "undecodable")

    def __init__(
        self, queue: str, envelope: Envelope, origin: Origin, undecodable: UndecodableError | None = None
    ) -> None:
        self.queue = queue
        self.origin = origin
        self.arrived = perf_counter()
        self.undecodable = undecodable
        super().__init__(envelope, queue)

    @classmethod
    def of_broker(cls, queue: str, message: AbstractIncomingMessage) -> Self:
        """Raises `ChannelInvalidStateError` where its channel is closed: the broker delivers it again."""
        receipt = Receipt(message.channel, message.delivery_tag or 0)
        origin = BrokerOrigin(receipt, is_repeated=bool(message.redelivered))
        try:
            return cls(queue, from_amqp(message, reader=queue.partition(".")[0]), origin)
        except UndecodableError as error:
            return cls(queue, salvage(message), origin, error)

    @property
    def fingerprint(self) -> UUID:
        """What tells this message in this queue from every other: a copy from elsewhere has the same."""
        return self.origin.fingerprint or fingerprint(self.queue, self.envelope)

    def again(self) -> "Delivery":
        """The same delivery again, as if it came twice."""
        return Delivery(self.queue, self.envelope, self.origin, self.undecodable)
