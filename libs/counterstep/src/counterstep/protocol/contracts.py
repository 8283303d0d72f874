"""The messages of one system: every version of each that can be read, found in the modules of a package."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import ModuleType
from typing import Any, Final, TypeAlias

from counterstep.protocol import answers, control
from counterstep.protocol.messages import Command, Event, Message, Past
from counterstep.protocol.naming import owner, type_name, upcast

Reader: TypeAlias = Callable[[bytes | str], Message]

_OF_THE_PLATFORM: Final = (answers.__name__, control.__name__)
"""Modules whose messages every system has."""


class Contracts:
    """Every message that a package's modules declare, and those of the platform itself.

    Past versions are declared in the package's subpackage `past`, if it has one. The modules are imported when the
    messages are first used, so that a module of the package may itself make the `Contracts`.

    >>> from trip import contracts
    >>> Contracts(contracts).versions["suppliers.request_room.v1"]
    <class 'trip.contracts.suppliers.RequestRoom'>
    """

    def __init__(self, package: ModuleType) -> None:
        self._package = package

    @cached_property
    def versions(self) -> Mapping[str, type[Message]]:
        """Every version of every message that can be read, by type name."""
        modules = {*_OF_THE_PLATFORM, *_import_modules(self._package.__name__)}
        return {type_name(message): message for message in _subclasses(Message) if message.__module__ in modules}

    @cached_property
    def catalogue(self) -> Mapping[str, type[Message]]:
        """Every message that services send today, by type name."""
        return {name: message for name, message in self.versions.items() if not issubclass(message, Past)}

    @cached_property
    def readers(self) -> Mapping[str, Reader]:
        """Type name → a function that reads such a body, also of a past version, as the message of today.

        The function raises pydantic's `ValidationError` for a body that is no such message.
        """
        return {name: _reader(message) for name, message in self.versions.items()}

    @cached_property
    def commands(self) -> tuple[type[Command[Any, Any]], ...]:
        """Every command."""
        return tuple(message for message in self.catalogue.values() if issubclass(message, Command))

    @cached_property
    def events(self) -> tuple[type[Event], ...]:
        """Every event."""
        return tuple(message for message in self.catalogue.values() if issubclass(message, Event))

    def publishes_events(self, service: str) -> bool:
        """Whether a module of this service's name declares an event."""
        return any(owner(event) == service for event in self.events)


def _import_modules(package: str) -> Iterator[str]:
    """The package's modules, and those of its subpackage `past`."""
    for name in (package, f"{package}.past"):
        try:
            found = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        for module in pkgutil.iter_modules(found.__path__, f"{name}."):
            yield importlib.import_module(module.name).__name__


def _reader(message: type[Message]) -> Reader:
    if issubclass(message, Past):
        return lambda body: upcast(message.model_validate_json(body))
    return message.model_validate_json


def _subclasses(message: type[Message]) -> Iterator[type[Message]]:
    for child in message.__subclasses__():
        if "[" not in child.__name__:  # `Command[Ok, No]` is a class of its own for pydantic
            yield child
        yield from _subclasses(child)
