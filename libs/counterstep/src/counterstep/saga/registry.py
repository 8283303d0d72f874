"""The sagas that one orchestrator drives, in every version that an instance may still be pinned to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from counterstep.protocol.messages import CancellationEvent, Event
from counterstep.saga.answering import Answering
from counterstep.saga.definition import Saga


class Registry:
    """Definitions by name and version. A start event starts the newest version; an instance stays with its own.

    Raises `ValueError` for two definitions of one version, and for two sagas that start on the same event.
    """

    def __init__(self, sagas: Iterable[Saga[Any]]) -> None:
        self._definitions: dict[tuple[str, int], Saga[Any]] = {}
        for saga in sorted(sagas, key=lambda each: each.version):
            if (saga.name, saga.version) in self._definitions:
                raise ValueError(f"{saga.name} v{saga.version} is registered twice: give one the next version")
            self._definitions[saga.name, saga.version] = saga
        self.started_by = _started_by({saga.name: saga for saga in self}.values())
        self._answering = {key: Answering(saga) for key, saga in self._definitions.items()}
        self._cancelled_by = frozenset((saga.name, saga.cancelled_by) for saga in self)

    def __iter__(self) -> Iterator[Saga[Any]]:
        """Every definition, older versions first."""
        return iter(self._definitions.values())

    @property
    def versions(self) -> Iterable[tuple[str, int]]:
        """The name and version of every definition."""
        return self._definitions.keys()

    def definition(self, name: str, version: int) -> Saga[Any]:
        """The definition that an instance is pinned to. Raises `LookupError` where it is not registered here."""
        if (name, version) not in self._definitions:
            raise LookupError(f"{name} v{version} is not registered here; keep it until no instance of it is left")
        return self._definitions[name, version]

    def answering(self, saga: Saga[Any]) -> Answering:
        """Who answers the commands of this definition, which is a registered one."""
        return self._answering[saga.name, saga.version]

    def is_cancelled_by(self, saga: Saga[Any], event: type[CancellationEvent]) -> bool:
        """Whether the event cancels instances of this saga: in this version of it, or in another."""
        return (saga.name, event) in self._cancelled_by


def _started_by(newest: Iterable[Saga[Any]]) -> Mapping[type[Event], Saga[Any]]:
    started_by: dict[type[Event], Saga[Any]] = {}
    for saga in newest:
        other = started_by.setdefault(saga.starts_on, saga)
        if other is not saga:
            raise ValueError(f"{other.name} and {saga.name} both start on {saga.starts_on.__name__}")
    return started_by
