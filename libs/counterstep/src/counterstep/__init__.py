"""Counterstep: sagas over RabbitMQ and PostgreSQL, without losing a message.

This is the front door: messages, the topology, and what a participant and an orchestrator are made of. The other
doors are `counterstep.saga`, `counterstep.http` and `counterstep.testing`; `counterstep.migrations` and
`counterstep.provision` are for databases and brokers. Every other module is private, and may change at any time.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.messaging.database.errors import DuplicateKeyError
    from counterstep.messaging.inbox.token import Token
    from counterstep.messaging.outbox.transaction import Transaction, Transactions
    from counterstep.messaging.participant.participant import Participant
    from counterstep.messaging.runtime import Runtime
    from counterstep.orchestration.orchestrator import Orchestrator
    from counterstep.protocol.answers import Accepted
    from counterstep.protocol.contracts import Contracts
    from counterstep.protocol.messages import CancellationEvent, Command, Event, Past, Refusal, Reply, StartEvent
    from counterstep.protocol.refusal_codes import RefusalCode
    from counterstep.topology.topology import Topology
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "messaging.database.errors": ("DuplicateKeyError",),
            "messaging.inbox.token": ("Token",),
            "messaging.outbox.transaction": ("Transaction", "Transactions"),
            "messaging.participant.participant": ("Participant",),
            "messaging.runtime": ("Runtime",),
            "orchestration.orchestrator": ("Orchestrator",),
            "protocol.answers": ("Accepted",),
            "protocol.contracts": ("Contracts",),
            "protocol.messages": (
                "CancellationEvent",
                "Command",
                "Event",
                "Past",
                "Refusal",
                "Reply",
                "StartEvent",
            ),
            "protocol.refusal_codes": ("RefusalCode",),
            "topology.topology": ("Topology",),
        },
    )

__all__ = [
    "Accepted",
    "CancellationEvent",
    "Command",
    "Contracts",
    "DuplicateKeyError",
    "Event",
    "Orchestrator",
    "Participant",
    "Past",
    "Refusal",
    "RefusalCode",
    "Reply",
    "Runtime",
    "StartEvent",
    "Token",
    "Topology",
    "Transaction",
    "Transactions",
]
