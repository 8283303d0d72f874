"""How the parts of a document name and point to one another."""

from contracts.base import Message
from contracts.naming import type_name

from messaging.wiring import Route

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
