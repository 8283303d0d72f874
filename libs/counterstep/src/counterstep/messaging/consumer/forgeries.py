"""Messages that their sender may not send: found as they arrive, and counted once they are dead letters."""

from typing import Final

from prometheus_client import Counter

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError
from counterstep.topology.senders import Delivered, Senders
from counterstep.topology.topology import Topology

FORGED: Final = Counter(
    "messages_forged",
    "Messages that their sender may not send, by sender. Each became a dead letter.",
    ["queue", "sender"],
)

NO_SERVICE: Final = "no service"
"""What a sender is called that is no service: the administrator, or nobody. So the labels are bounded."""


class Forgeries:
    """Judges what arrives in the queues of one service."""

    def __init__(self, topology: Topology, service: str, queues: tuple[str, ...]) -> None:
        self._senders = Senders(topology, service)
        self._services = topology.services
        for queue in queues:
            for sender in (*topology.services, NO_SERVICE):
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

    def count(self, queue: str, envelope: Envelope) -> None:
        """A message became a dead letter because it is forged."""
        sender = envelope.sender or ""
        FORGED.labels(queue, sender if sender in self._services else NO_SERVICE).inc()
