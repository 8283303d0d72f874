"""Messages that their sender may not send: found as they arrive, and counted once they are dead letters."""

from typing import Final

from prometheus_client import Counter

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError
from counterstep.topology.senders import Delivered, Senders
from counterstep.topology.topology import Topology

FORGED: Final = Counter(
    "messages_forged",
    "Messages that their sender may not send. Each became a dead letter.",
    ["queue", "sender"],
)


class Forgeries:
    """Judges what arrives in the queues of one service."""

    def __init__(self, topology: Topology, service: str, queues: tuple[str, ...]) -> None:
        self._senders = Senders(topology, service)
        for queue in queues:
            for sender in topology.services:
                FORGED.labels(queue, sender)  # so that the metric is shown from zero

    def forgery(self, queue: str, envelope: Envelope) -> ForgedError | None:
        """Why its sender may not send this message to this queue; `None` where it may."""
        delivered = Delivered(
            queue=queue,
            sender=envelope.sender or "",
            type=envelope.type,
            exchange=envelope.exchange,
            routing_key=envelope.routing_key,
        )
        objection = self._senders.objection(delivered)
        return ForgedError(objection) if objection else None


def count_if_forged(queue: str, envelope: Envelope, error: Exception) -> None:
    """A message became a dead letter because of this error."""
    if isinstance(error, ForgedError):
        FORGED.labels(queue, envelope.sender or "").inc()
