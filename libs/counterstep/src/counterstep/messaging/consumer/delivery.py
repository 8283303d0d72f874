"""A message as the broker or the table of retries gave it, until it is settled."""

from collections.abc import Sequence
from time import perf_counter
from uuid import UUID

from aio_pika.abc import AbstractIncomingMessage

from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.consumer.origin import BrokerOrigin, Origin, Receipt
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire.amqp import Unread, check_frame, of_amqp, read, salvage
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.messaging.wire.pack import PACK_TYPE, unpacked


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

    @property
    def fingerprint(self) -> UUID:
        """What tells this message in this queue from every other: a copy from elsewhere has the same."""
        return self.origin.fingerprint or fingerprint(self.queue, self.envelope)

    def again(self) -> "Delivery":
        """The same delivery again, as if it came twice."""
        return Delivery(self.queue, self.envelope, self.origin, self.undecodable)


def deliveries_of(queue: str, message: AbstractIncomingMessage) -> Sequence[Delivery]:
    """The deliveries that arrive with one AMQP message: as many as its pack holds, or one.

    Raises `ChannelInvalidStateError` where its channel is closed: the broker delivers it again.
    """
    receipt, is_repeated = Receipt(message.channel, message.delivery_tag or 0), bool(message.redelivered)
    try:
        check_frame(message)
        whole = of_amqp(message)
        arrived = list(unpacked(whole)) if whole.type == PACK_TYPE else [whole]
    except UndecodableError as error:
        return [Delivery(queue, salvage(of_amqp(message)), BrokerOrigin(receipt, is_repeated), error)]
    return [
        _delivery(queue, unread, BrokerOrigin(receipt._replace(part=part, parts=len(arrived)), is_repeated))
        for part, unread in enumerate(arrived)
    ]


def _delivery(queue: str, unread: Unread, origin: Origin) -> Delivery:
    try:
        return Delivery(queue, read(unread, reader=queue.partition(".")[0]), origin)
    except UndecodableError as error:
        return Delivery(queue, salvage(unread), origin, error)
