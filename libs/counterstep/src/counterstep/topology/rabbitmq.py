"""The topology in the form that RabbitMQ imports (`POST /api/definitions`), users and permissions with it.

Only what RabbitMQ 3.10 and 4.x share. Settings that may change in a queue's life are policies, because a queue's
arguments never change.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from counterstep.protocol.exchanges import (
    CONTROL,
    CONTROL_LOG,
)
from counterstep.topology.topology import ServiceTopology, Topology

Definition = dict[str, Any]

NOTHING = "^$"
"""The permission to touch nothing."""

DELIVERY_LIMIT = 1_000_000_000
"""So high that no outage reaches it: with the database away, each `consumer_timeout` counts as a delivery.

RabbitMQ 4.x has 20 where nothing is said, and no value in common with 3.10 that means none. What kills its reader
is found by the services themselves (docs/decisions/0041-failed-messages-stay-with-their-service.md).
"""
LONGEST_QUEUE = 200_000
"""In messages; beyond it a publish is refused, and the message stays in its sender's outbox."""

CONNECTIONS_OF_A_USER = 100
CHANNELS_OF_A_USER = 1_000
"""Eight processes of a service open fewer, also while they are replaced. A flood of one user ends there."""

CONTROL_AGE = "1h"
CONTROL_BYTES = 2_000_000
CONTROL_SEGMENT_BYTES = 500_000
"""A stream drops its oldest messages by whole segments."""


def definitions(topology: Topology, users: Mapping[str, str], *, faults: bool = False) -> Definition:
    """Everything on the broker, for these users (name → password): services, and the watcher.

    With `faults` the services may also publish on `control` and read its stream, as processes with
    `FAULTS_ENABLED` do. No user but the administrator may ever declare, bind or delete anything.
    """
    services = topology.services
    peers = [services[name] for name in users if name in services]
    return {
        "vhosts": [{"name": topology.name}],
        "users": [_user(topology, name, password) for name, password in users.items()],
        "permissions": [
            *(_permission(topology, peer, faults=faults) for peer in peers),
            *(_nothing(topology, name) for name in users if name not in services),
        ],
        "exchanges": _exchanges(topology),
        "queues": [_queue(topology, name, arguments) for name, arguments in _queues(topology).items()],
        "bindings": _bindings(topology),
        "policies": _policies(topology),
    }


def _user(topology: Topology, name: str, password: str) -> Definition:
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "monitoring" if name == topology.watcher else "",
        "limits": _limits(topology, name),
    }


def _limits(topology: Topology, user: str) -> Definition:
    """What one user may open. The watcher uses the management API alone."""
    if user == topology.watcher:
        return {"max-connections": 0, "max-channels": 0}
    return {"max-connections": CONNECTIONS_OF_A_USER, "max-channels": CHANNELS_OF_A_USER}


def _permission(topology: Topology, peer: ServiceTopology, *, faults: bool) -> Definition:
    read = [*peer.queues, old_dead_letters(peer.name), *([CONTROL_LOG] if faults else [])]
    write = [*sorted(peer.publishes), *([CONTROL] if faults else [])]
    return {
        "user": peer.name,
        "vhost": topology.name,
        "configure": NOTHING,
        "write": _any_of(write),
        "read": _any_of(read),
    }


def _any_of(names: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, names))})$"


def _nothing(topology: Topology, user: str) -> Definition:
    """A user that may touch nothing still needs access to the virtual host, to read its statistics."""
    return {"user": user, "vhost": topology.name, "configure": NOTHING, "write": NOTHING, "read": NOTHING}


def old_dead_letters(service: str) -> str:
    """The queue in which earlier releases kept a service's dead letters. It takes them over from there."""
    return f"{service}.dead_letters"


def _exchanges(topology: Topology) -> list[Definition]:
    return [
        {
            "name": name,
            "vhost": topology.name,
            "type": kind,
            "durable": True,
            "auto_delete": False,
            "internal": False,
            "arguments": {},
        }
        for name, kind in topology.exchanges.items()
    ]


def _queues(topology: Topology) -> dict[str, Definition]:
    """Queue → arguments."""
    consumed: dict[str, Definition] = {
        queue.name: {"x-queue-type": "quorum"} for queue in topology.consumed_queues()
    }
    control = {"x-queue-type": "stream", "x-stream-max-segment-size-bytes": CONTROL_SEGMENT_BYTES}
    return {**consumed, CONTROL_LOG: control}


def _queue(topology: Topology, name: str, arguments: Definition) -> Definition:
    return {
        "name": name,
        "vhost": topology.name,
        "durable": True,
        "auto_delete": False,
        "arguments": arguments,
    }


def _bindings(topology: Topology) -> list[Definition]:
    consumed = [
        (binding.exchange, queue.name, binding.key)
        for queue in topology.consumed_queues()
        for binding in queue.bindings
    ]
    return [
        {
            "source": exchange,
            "vhost": topology.name,
            "destination": queue,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for exchange, queue, key in [*consumed, (CONTROL, CONTROL_LOG, "")]
    ]


def _policies(topology: Topology) -> list[Definition]:
    # No dead lettering: nothing that fails leaves its service by the broker (docs/decisions/0041).
    bounded = {"max-length": LONGEST_QUEUE, "overflow": "reject-publish", "delivery-limit": DELIVERY_LIMIT}
    consumed = [(queue.name, bounded) for queue in topology.consumed_queues()]
    control = {"max-age": CONTROL_AGE, "max-length-bytes": CONTROL_BYTES}
    return [
        {
            "name": name,
            "vhost": topology.name,
            "pattern": f"^{re.escape(name)}$",
            "apply-to": "queues",
            "priority": 0,
            "definition": definition,
        }
        for name, definition in [*consumed, (CONTROL_LOG, control)]
    ]
