"""From a message class to its name on the wire, and back."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, TypeAlias

import contracts
from contracts import base, past
from contracts.base import Command, Message, Past

Reader: TypeAlias = Callable[[bytes | str], Message]

HOMES: Final = (contracts.__name__, past.__name__)
"""The packages in whose modules messages are declared."""


def owner(message: type[Message]) -> str:
    """Name the service whose module declares the message."""
    return message.__module__.rpartition(".")[2]


@cache
def routing_key(message: type[Message]) -> str:
    """Return `payment.authorize_payment` for `contracts.payment.AuthorizePayment`."""
    return f"{owner(message)}.{snake_case(message.__name__)}"


@cache
def type_name(message: type[Message]) -> str:
    """Return `payment.authorize_payment.v1` for version 1 of `contracts.payment.AuthorizePayment`."""
    return f"{routing_key(message)}.v{message.version}"


def snake_case(name: str) -> str:
    """Return `authorize_payment` for `AuthorizePayment`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def versions() -> dict[str, type[Message]]:
    """Every version of every message that can be read here, by type name."""
    for package in (contracts, past):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return {type_name(message): message for message in _concrete(Message)}


@cache
def catalogue() -> dict[str, type[Message]]:
    """Every message that is said, in the version that is said, by type name."""
    return {name: message for name, message in versions().items() if not issubclass(message, Past)}


@cache
def readers() -> dict[str, Reader]:
    """Type name → what reads such a body, a past version's too, as the version that is said.

    What it gives raises pydantic's `ValidationError` for a body that is no such message.
    """
    return {name: _reader(message) for name, message in versions().items()}


def as_said(message: Message) -> Message:
    """The message in the version that is said."""
    while isinstance(message, Past):
        message = message.upcast()
    return message


def answers(command: type[Command[Any, Any]]) -> tuple[type[Any], type[Any]]:
    """Return what the command declares as its two answers; the second is `Never` where it cannot refuse."""
    declared: tuple[type[Any], type[Any]] = command.__mro__[1].__pydantic_generic_metadata__["args"]  # type: ignore[attr-defined]
    return declared


def _reader(message: type[Message]) -> Reader:
    if issubclass(message, Past):
        return lambda body: as_said(message.model_validate_json(body))
    return message.model_validate_json


def _concrete(message: type[Message]) -> Iterator[type[Message]]:
    for child in message.__subclasses__():
        ours = child.__module__.rpartition(".")[0] in HOMES  # others' are not known to their peers
        if ours and child.__module__ != base.__name__ and "[" not in child.__name__:
            yield child
        yield from _concrete(child)
