"""Message rates between the services and the broker: routes from the topology, rates from the metrics."""

from dataclasses import dataclass
from typing import Final

from contracts.topology import SHOP

from console.overview.window import Window

PUBLISHES: Final = "messaging_publishes_total"
HANDLED: Final = "messaging_process_duration_seconds_count"


@dataclass(frozen=True, slots=True)
class Flow:
    """Messages per second from a source to a target; `None` where the rate is not known."""

    source: str
    target: str
    rate: float | None


def published(window: Window) -> list[Flow]:
    """The confirmed publishes of each service to each of its exchanges."""
    return [
        Flow(peer.name, exchange, window.rate(peer.name, PUBLISHES, exchange=exchange, outcome="confirmed"))
        for peer in SHOP.services.values()
        for exchange in sorted(peer.publishes)
    ]


def handled(window: Window) -> list[Flow]:
    """The acknowledged messages of each service from each of its queues."""
    return [
        Flow(queue.name, peer.name, window.rate(peer.name, HANDLED, queue=queue.name))
        for peer in SHOP.services.values()
        for queue in peer.consumes
    ]
