"""From a message class to its name on the wire, and back."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import contracts
from contracts import base
from contracts.base import Command, Message


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
def catalogue() -> dict[str, type[Message]]:
    """Every message there is, by type name."""
    for module in pkgutil.iter_modules(contracts.__path__, "contracts."):
        importlib.import_module(module.name)
    return {type_name(message): message for message in _concrete(Message)}


def answers(command: type[Command[Any, Any]]) -> tuple[type[Any], type[Any]]:
    """Return what the command declares as its two answers; the second is `Never` where it cannot refuse."""
    declared: tuple[type[Any], type[Any]] = command.__mro__[1].__pydantic_generic_metadata__["args"]  # type: ignore[attr-defined]
    return declared


def _concrete(message: type[Message]) -> Iterator[type[Message]]:
    for child in message.__subclasses__():
        ours = child.__module__.startswith("contracts.")  # others' are not known to their peers
        if ours and child.__module__ != base.__name__ and "[" not in child.__name__:
            yield child
        yield from _concrete(child)
