"""Counterstep: sagas over RabbitMQ and PostgreSQL, without losing a message.

This is the front door: messages, the topology, and participants. The authors of services and sagas also use
`counterstep.saga`, `counterstep.http` and `counterstep.testing`. These four hold what a first service needs.

What fewer need stands behind doors of its own: `counterstep.protocol` for cancellations and past versions of
messages, `counterstep.fields` for types of columns and texts, `counterstep.http.paging` for lists,
`counterstep.http.waiting` for routes that wait, `counterstep.messaging` for applications that exist already.
Operators use `counterstep.orchestration`, which starts the orchestrator, and `counterstep.migrations` and
`counterstep.provision`, which prepare databases and the broker. Every other module is private, and may change at
any time.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.messaging.inbox.token import Token
    from counterstep.messaging.participant.participant import Participant
    from counterstep.protocol.messages import Command, Refusal, Reply, StartEvent
    from counterstep.protocol.refusal_codes import RefusalCode
    from counterstep.topology.topology import Topology
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "messaging.inbox.token": ("Token",),
            "messaging.participant.participant": ("Participant",),
            "protocol.messages": ("Command", "Refusal", "Reply", "StartEvent"),
            "protocol.refusal_codes": ("RefusalCode",),
            "topology.topology": ("Topology",),
        },
        moved={
            "CancellationEvent": "counterstep.protocol",
            "Past": "counterstep.protocol",
            "Runtime": "counterstep.messaging",
        },
    )

__all__ = [
    "Command",
    "Participant",
    "Refusal",
    "RefusalCode",
    "Reply",
    "StartEvent",
    "Token",
    "Topology",
]
