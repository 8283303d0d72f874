"""Counterstep: sagas over RabbitMQ and PostgreSQL, without losing a message.

This is the front door: messages, the topology, and participants. The authors of services and sagas also use
`counterstep.saga`, `counterstep.http` and `counterstep.testing`. Three small doors are for those who operate a
system: `counterstep.orchestration` starts its orchestrator, `counterstep.migrations` and `counterstep.provision`
prepare its databases and its broker. Every other module is private, and may change at any time.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.messaging.inbox.token import Token
    from counterstep.messaging.participant.participant import Participant
    from counterstep.messaging.runtime import Runtime
    from counterstep.protocol.messages import CancellationEvent, Command, Past, Refusal, Reply, StartEvent
    from counterstep.protocol.refusal_codes import RefusalCode
    from counterstep.topology.topology import Topology
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "messaging.inbox.token": ("Token",),
            "messaging.participant.participant": ("Participant",),
            "messaging.runtime": ("Runtime",),
            "protocol.messages": (
                "CancellationEvent",
                "Command",
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
    "CancellationEvent",
    "Command",
    "Participant",
    "Past",
    "Refusal",
    "RefusalCode",
    "Reply",
    "Runtime",
    "StartEvent",
    "Token",
    "Topology",
]
