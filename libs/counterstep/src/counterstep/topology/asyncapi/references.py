"""How the parts of a document name and point to one another."""

from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.topology.routes import Route

Reference = dict[str, str]


def channel_id(route: Route) -> str:
    """The channel of a route: its exchange and routing key, where it needs one."""
    return f"{route.exchange}.{route.key}".rstrip(".")


def to_channel(channel: str) -> Reference:
    return {"$ref": f"#/channels/{channel}"}


def to_message_of(channel: str, message: type[Message]) -> Reference:
    """A message of a channel, which operations must go by."""
    return {"$ref": f"#/channels/{channel}/messages/{type_name(message)}"}


def to_message(message: type[Message]) -> Reference:
    return {"$ref": f"#/components/messages/{type_name(message)}"}


def to_schema(name: str) -> Reference:
    return {"$ref": f"#/components/schemas/{name}"}
