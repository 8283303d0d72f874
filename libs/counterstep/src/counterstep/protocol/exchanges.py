"""The exchanges that every topology has, and what each is for.

Topic exchanges carry commands and events. `replies` is direct, keyed by the reply address. `control` and
`unrouted` are fanouts.

`retry` and `dead_letters` are topics because RabbitMQ grants permissions by routing key on topic
exchanges alone, and a service may fill its own queues only.
"""

from typing import Any, Final

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
"""`commands`, `events` and `replies` have no alternate exchange on purpose: an unroutable publish must come back
to the relay, which keeps the message in the outbox (`docs/decisions/0003`)."""

RETRY_DELAYS: Final = {"1s": 1_000, "5s": 5_000, "30s": 30_000}
"""Retry tier → how long a failed message waits in it, in milliseconds. After the last tier it is a dead letter."""
