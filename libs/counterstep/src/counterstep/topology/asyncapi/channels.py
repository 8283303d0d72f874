"""The channels of a service. A channel is an exchange with a routing key."""

from collections.abc import Iterable, Sequence
from typing import Any

from counterstep.protocol.exchanges import DEAD_LETTERS, RETRY, RETRY_DELAYS
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.topology.asyncapi.references import channel_id, to_message
from counterstep.topology.routes import Route
from counterstep.topology.topology import Topology


def channels(
    topology: Topology, service: str, published: Sequence[Route], consumed: Sequence[Route]
) -> dict[str, Any]:
    """Every channel that the service publishes to or consumes from, and those of its retries and dead letters."""
    found: dict[str, Any] = {}
    for route in (*published, *consumed):
        channel = found.setdefault(channel_id(route), _channel(topology, route.exchange, route.key))
        channel["messages"] |= _messages([route.message])
    failed = _messages(route.message for route in consumed if route.queues)
    queues = {"enum": list(topology.service(service).queues), "description": "The queue in which the message was."}
    delays = {"enum": list(RETRY_DELAYS), "description": "How long the message waits there."}
    return {
        **found,
        RETRY: {
            **_channel(topology, RETRY, "{queue}.{delay}", failed),
            "description": "Messages that could not be handled rest here, and then go back to their queue.",
            "parameters": {"queue": queues, "delay": delays},
        },
        DEAD_LETTERS: {
            **_channel(topology, DEAD_LETTERS, "{queue}", failed),
            "description": "Messages that could not be handled at all, with the reason in their headers.",
            "parameters": {"queue": queues},
        },
    }


def _channel(
    topology: Topology, exchange: str, address: str, messages: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "address": address,
        "messages": messages or {},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": exchange,
                    "type": topology.exchanges[exchange],
                    "durable": True,
                    "autoDelete": False,
                    "vhost": topology.name,
                },
                "bindingVersion": "0.3.0",
            }
        },
    }


def _messages(types: Iterable[type[Message]]) -> dict[str, Any]:
    return {type_name(message): to_message(message) for message in types}
