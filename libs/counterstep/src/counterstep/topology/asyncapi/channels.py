"""Where it is said: an exchange and a routing key make a channel."""

from collections.abc import Iterable, Sequence
from typing import Any

from counterstep.protocol.exchanges import DEAD_LETTERS, EXCHANGE_TYPES, RETRY, RETRY_DELAYS
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.topology.asyncapi.references import channel_id, to_message
from counterstep.topology.routes import Route
from counterstep.topology.topology import Topology


def channels(topology: Topology, service: str, sent: Sequence[Route], heard: Sequence[Route]) -> dict[str, Any]:
    """Every channel that the service speaks or listens on, and those by which it sets messages aside."""
    found: dict[str, Any] = {}
    for route in (*sent, *heard):
        channel = found.setdefault(channel_id(route), _channel(topology, route.exchange, route.key))
        channel["messages"] |= _messages([route.message])
    failed = _messages(route.message for route in heard if route.queues)
    queues = {"enum": list(topology.service(service).queues), "description": "The queue in which the message was."}
    rungs = {"enum": list(RETRY_DELAYS), "description": "For how long it rests there."}
    return {
        **found,
        RETRY: {
            **_channel(topology, RETRY, "{queue}.{rung}", failed),
            "description": "Messages that could not be handled rest here, and then go back to their queue.",
            "parameters": {"queue": queues, "rung": rungs},
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
                    "type": EXCHANGE_TYPES[exchange],
                    "durable": True,
                    "autoDelete": False,
                    "vhost": topology.name,
                },
                "bindingVersion": "0.3.0",
            }
        },
    }


def _messages(said: Iterable[type[Message]]) -> dict[str, Any]:
    return {type_name(message): to_message(message) for message in said}
