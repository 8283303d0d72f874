"""The operations of a service's AsyncAPI document: what it sends and receives, and the replies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its messages with their exchange and routing key, and the replies to them, by type name."""

    action: str
    exchange: str
    address: str
    messages: tuple[str, ...]
    replies: tuple[str, ...]


def operations_of(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation, in the document's order."""
    for operation in document["operations"].values():
        channel = document["channels"][_named(operation["channel"])]
        yield Operation(
            action=operation["action"],
            exchange=channel["bindings"]["amqp"]["exchange"]["name"],
            address=channel["address"],
            messages=tuple(map(_named, operation["messages"])),
            replies=tuple(map(_named, operation.get("reply", {}).get("messages", ()))),
        )


def _named(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]
