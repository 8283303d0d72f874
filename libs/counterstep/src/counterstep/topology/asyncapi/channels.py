"""The channels of a service. A channel is an exchange with a routing key."""

from collections.abc import Iterable, Sequence
from typing import Any

from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.topology.asyncapi.references import channel_id, to_message
from counterstep.topology.routes import Route
from counterstep.topology.topology import Topology


def channels(topology: Topology, published: Sequence[Route], consumed: Sequence[Route]) -> dict[str, Any]:
    """Every channel that the service publishes to or consumes from."""
    found: dict[str, Any] = {}
    for route in (*published, *consumed):
        channel = found.setdefault(channel_id(route), _channel(topology, route.exchange, route.key))
        channel["messages"] |= _messages([route.message])
    return found


def _channel(topology: Topology, exchange: str, address: str) -> dict[str, Any]:
    return {
        "address": address,
        "messages": {},
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
