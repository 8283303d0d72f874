"""The exchanges of every topology, by who writes each.

RabbitMQ 3.10 checks a permission by exchange for every way into it, and one by routing key for the key alone:
`CC` and `BCC` headers pass it by. So each exchange is written by one user, or carries only what any of its users
may say (docs/decisions/0043). The orchestrator writes the topic `commands`, each service its `events.<service>`.
`replies` is direct, keyed by the reply address, and its reader checks who may answer. `control` is a fanout.

None has an alternate exchange, on purpose: an unroutable publish must come back to the relay, which keeps the
message in the outbox (`docs/decisions/0003`). What fails stays in its service's database (`docs/decisions/0041`).
"""

from typing import Final

COMMANDS: Final = "commands"
EVENTS: Final = "events"
"""The first word of every exchange of events. Alone, it is the one that services shared in earlier releases."""
REPLIES: Final = "replies"
CONTROL: Final = "control"
CONTROL_LOG: Final = "control.log"
"""The stream that keeps the messages of `control`: each process reads it from the moment at which it begins."""

SHARED_EXCHANGES: Final = {
    COMMANDS: "topic",
    REPLIES: "direct",
    CONTROL: "fanout",
}
"""Exchange → type, of those that every topology has."""


def events_of(service: str) -> str:
    """The exchange on which this service alone publishes its events.

    >>> events_of("hotel")
    'events.hotel'
    """
    return f"{EVENTS}.{service}"


def exchange_now(exchange: str, routing_key: str) -> str:
    """The exchange of today for a message that an older release addressed, and left in its outbox.

    >>> exchange_now("events", "hotel.closed")
    'events.hotel'
    >>> exchange_now("replies", "orchestrator")
    'replies'
    """
    return events_of(routing_key.partition(".")[0]) if exchange == EVENTS else exchange
