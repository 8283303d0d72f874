"""What flows between the services and the broker, as the topology has it and their figures show it."""

from dataclasses import dataclass
from typing import Final

from contracts.topology import SHOP

from console.overview.window import Window

PUBLISHES: Final = "messaging_publishes_total"
HANDLED: Final = "messaging_process_duration_seconds_count"


@dataclass(frozen=True, slots=True)
class Flow:
    """So many messages a second from one to the other; `None` where that is not known."""

    source: str
    target: str
    rate: float | None


def published(window: Window) -> list[Flow]:
    """What each service publishes to each exchange that it is there for, and the broker confirms."""
    return [
        Flow(peer.name, exchange, window.rate(peer.name, PUBLISHES, exchange=exchange, outcome="confirmed"))
        for peer in SHOP.services.values()
        for exchange in sorted(peer.publishes)
    ]


def handled(window: Window) -> list[Flow]:
    """What each service takes from each of its queues, and acknowledges."""
    return [
        Flow(queue.name, peer.name, window.rate(peer.name, HANDLED, queue=queue.name))
        for peer in SHOP.services.values()
        for queue in peer.consumes
    ]
