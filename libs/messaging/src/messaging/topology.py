"""Every exchange, queue and binding, as data. One declarer creates them; services only use them.

Exchange types are used for what they are for: topic for commands and events, direct for replies, fanout for
control and for what found no queue. `retry` and `dead_letters` are topics because RabbitMQ grants routing keys on
topic exchanges alone, and a service may fill its own queues only. `commands`, `events` and `replies` have no
alternate exchange, on purpose: an unroutable publish must come back to the relay, which keeps it
(`docs/decisions/0003`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.services import ORCHESTRATOR, PARTICIPANTS

VHOST: Final = "counterstep"

COMMANDS: Final = "commands"
EVENTS: Final = "events"
REPLIES: Final = "replies"
CONTROL: Final = "control"
RETRY: Final = "retry"
DEAD_LETTERS: Final = "dead_letters"
UNROUTED: Final = "unrouted"

EXCHANGE_TYPES: Final = {
    COMMANDS: "topic",
    EVENTS: "topic",
    REPLIES: "direct",
    CONTROL: "fanout",
    RETRY: "topic",
    DEAD_LETTERS: "topic",
    UNROUTED: "fanout",
}
EXCHANGE_ARGUMENTS: Final[dict[str, dict[str, Any]]] = {DEAD_LETTERS: {"alternate-exchange": UNROUTED}}

RETRY_LADDER: Final = {"1s": 1_000, "5s": 5_000, "30s": 30_000}
"""Rung → how long a failed message rests on it, in milliseconds; after the last comes the dead letter queue."""

REPLY_ADDRESSES: Final = frozenset({ORCHESTRATOR})
"""The routing keys that a command may name for its reply; no other address in a message is ever used."""

ANNOUNCERS: Final = frozenset({"order"})
"""The participants that may say events."""

STARTS: Final = (
    "order.order_placed",
    "order.cancellation_requested",
)
"""The events by which sagas begin, or are called back."""


@dataclass(frozen=True)
class Queue:
    """One queue that a service consumes, and the bindings that fill it."""

    name: str
    exchange: str
    routing_keys: tuple[str, ...]


@dataclass(frozen=True)
class Peer:
    """What one service consumes and where it may publish: topic exchange → pattern of routing keys."""

    name: str
    consumes: tuple[Queue, ...]
    publishes: frozenset[str]
    topics: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> frozenset[str]:
        """Every exchange that it may publish to: its own, and those by which it sets messages aside."""
        return self.publishes | {RETRY, DEAD_LETTERS}


def _participant(name: str) -> Peer:
    events = name in ANNOUNCERS
    return Peer(
        name=name,
        consumes=(Queue(f"{name}.commands", COMMANDS, (f"{name}.#",)),),
        publishes=frozenset({REPLIES, *([EVENTS] if events else [])}),
        topics={EVENTS: rf"^{name}\."} if events else {},
    )


PEERS: Final = {
    peer.name: peer
    for peer in (
        *map(_participant, PARTICIPANTS),
        Peer(
            name=ORCHESTRATOR,
            consumes=(
                Queue(f"{ORCHESTRATOR}.events", EVENTS, STARTS),
                Queue(f"{ORCHESTRATOR}.replies", REPLIES, (ORCHESTRATOR,)),
            ),
            publishes=frozenset({COMMANDS}),
            topics={COMMANDS: rf"^({'|'.join(PARTICIPANTS)})\."},
        ),
    )
}


WATCHER: Final = "console"
"""The user that sees every queue and connection in the management API, and may touch none of them."""


def queues_of(name: str) -> tuple[str, ...]:
    """The queues that the service consumes."""
    return tuple(queue.name for queue in PEERS[name].consumes)


def consumed_queues() -> Iterator[Queue]:
    """Every queue that some service consumes."""
    for peer in PEERS.values():
        yield from peer.consumes
