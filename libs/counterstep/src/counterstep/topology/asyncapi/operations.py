"""The operations of a service: what it sends, what it receives, and the reply to each command."""

from collections.abc import Sequence
from typing import Any, Literal

from counterstep.protocol.exchanges import REPLIES
from counterstep.protocol.messages import Command
from counterstep.protocol.naming import snake_case
from counterstep.topology.asyncapi.references import channel_id, to_channel, to_message_of
from counterstep.topology.routes import Route, replies_to
from counterstep.topology.topology import Topology

Action = Literal["send", "receive"]


def operations(topology: Topology, published: Sequence[Route], consumed: Sequence[Route]) -> dict[str, Any]:
    """Every operation of the service. A reply is part of its command's."""
    return {
        **{
            _name("send", route): _operation(topology, "send", route)
            for route in published
            if route.exchange != REPLIES
        },
        **{
            _name("receive", route): _operation(topology, "receive", route)
            for route in consumed
            if route.exchange != REPLIES
        },
    }


def _name(action: Action, route: Route) -> str:
    return f"{action}_{snake_case(route.message.__name__)}"


def _operation(topology: Topology, action: Action, route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": to_channel(channel_id(route)),
        "messages": [to_message_of(channel_id(route), route.message)],
        "bindings": {"amqp": _binding(action)},
    }
    if issubclass(route.message, Command):
        (address,) = topology.reply_addresses
        replies = f"{REPLIES}.{address}"
        answers = [to_message_of(replies, answer) for answer in replies_to(route.message)]
        operation["reply"] = {"channel": to_channel(replies), "messages": answers}
    return operation


def _binding(action: Action) -> dict[str, Any]:
    how: dict[str, Any] = {"ack": True} if action == "receive" else {"deliveryMode": 2, "mandatory": True}
    return {**how, "bindingVersion": "0.3.0"}
