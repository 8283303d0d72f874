"""From a message class to its names on the wire."""

import re
from functools import cache
from typing import Any

from counterstep.protocol.messages import Command, Message, Past


def owner(message: type[Message]) -> str:
    """Name the service whose module declares the message."""
    return message.address or message.__module__.rpartition(".")[2]


@cache
def routing_key(message: type[Message]) -> str:
    """Return `hotel.book_room` for `contracts.hotel.BookRoom`."""
    return f"{owner(message)}.{snake_case(message.__name__)}"


@cache
def type_name(message: type[Message]) -> str:
    """Return `hotel.book_room.v1` for version 1 of `contracts.hotel.BookRoom`."""
    return f"{routing_key(message)}.v{message.version}"


def snake_case(name: str) -> str:
    """Return `book_room` for `BookRoom`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def upcast(message: Message) -> Message:
    """The message in the version that services send today."""
    while isinstance(message, Past):
        message = message.upcast()
    return message


@cache
def answers(command: type[Command[Any, Any]]) -> tuple[type[Any], type[Any]]:
    """Return the two answers that a command declares. The second is `Never` where it cannot be refused."""
    for base in command.__mro__:
        declared: dict[str, Any] = base.__dict__.get("__pydantic_generic_metadata__", {})
        if declared.get("origin") is Command:
            ok, no = declared["args"]
            return ok, no
    raise TypeError(f"{command.__name__} declares no answers: write `class {command.__name__}(Command[Ok, No])`")
