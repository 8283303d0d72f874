"""Counterstep: sagas over RabbitMQ and PostgreSQL, without losing a message.

This is the front door: messages, the topology, and what a participant is made of. The other doors are
`counterstep.saga`, `counterstep.http` and `counterstep.testing`. Every other module is private.

A name is imported when it is first asked for, so contracts and sagas need pydantic and nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from counterstep.messaging.inbox.token import Token
    from counterstep.messaging.outbox.transaction import Transaction, Transactions
    from counterstep.messaging.participant.participant import Participant
    from counterstep.orchestration.orchestrator import Orchestrator
    from counterstep.protocol.answers import Accepted
    from counterstep.protocol.contracts import Contracts
    from counterstep.protocol.messages import CancellationEvent, Command, Event, Past, Refusal, Reply, StartEvent
    from counterstep.topology.topology import Topology

_HOMES: Final = {
    "Accepted": "protocol.answers",
    "CancellationEvent": "protocol.messages",
    "Command": "protocol.messages",
    "Contracts": "protocol.contracts",
    "Event": "protocol.messages",
    "Orchestrator": "orchestration.orchestrator",
    "Participant": "messaging.participant.participant",
    "Past": "protocol.messages",
    "Refusal": "protocol.messages",
    "Reply": "protocol.messages",
    "StartEvent": "protocol.messages",
    "Token": "messaging.inbox.token",
    "Topology": "topology.topology",
    "Transaction": "messaging.outbox.transaction",
    "Transactions": "messaging.outbox.transaction",
}

__all__ = [
    "Accepted",
    "CancellationEvent",
    "Command",
    "Contracts",
    "Event",
    "Orchestrator",
    "Participant",
    "Past",
    "Refusal",
    "Reply",
    "StartEvent",
    "Token",
    "Topology",
    "Transaction",
    "Transactions",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
