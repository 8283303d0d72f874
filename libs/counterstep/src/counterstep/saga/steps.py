"""The steps of a saga, as a definition writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeAlias, TypeVar

from counterstep.protocol.messages import Event, FallibleCommand, InfallibleCommand

Start = TypeVar("Start", bound=Event)

DEFAULT_WITHIN: Final = timedelta(seconds=30)

Does: TypeAlias = Callable[[Start], FallibleCommand] | Callable[[Start, Any], FallibleCommand]
"""A step's function: of the start event and, where it asks for one by its type, of an earlier step's reply."""


def seconds(count: float) -> timedelta:
    """So many seconds, as a definition writes them."""
    return timedelta(seconds=count)


def days(count: float) -> timedelta:
    """So many days, for a step that waits for a person."""
    return timedelta(days=count)


def always(_: Any) -> bool:
    """A step that no run leaves out."""
    return True


@dataclass(frozen=True)
class Step(Generic[Start]):
    """One step: what it asks for, how that is undone (only before the pivot), and how long silence may last.

    Before the pivot, silence is answered by asking `retry` times more, and only then taken for doubt.
    """

    do: Does[Start]
    undo: Callable[[Start], InfallibleCommand] | None = None
    within: timedelta = DEFAULT_WITHIN
    retry: int = 0
    when: Callable[[Start], bool] = always

    @property
    def name(self) -> str:
        """The step's name is its function's."""
        return self.do.__name__


@dataclass(frozen=True)
class Stage(Generic[Start]):
    """Steps that run at once; the next stage waits for all of them."""

    steps: tuple[Step[Start], ...]


def step(
    do: Does[Start],
    *,
    undo: Callable[[Start], InfallibleCommand],
    within: timedelta = DEFAULT_WITHIN,
    retry: int = 0,
    when: Callable[[Start], bool] = always,
) -> Stage[Start]:
    """A step before the pivot, with the compensation that takes it back; left out where `when` says no."""
    return Stage((Step(do, undo, within, retry, when),))


def parallel(*stages: Stage[Start]) -> Stage[Start]:
    """Steps that do not depend on one another, run at once."""
    return Stage(tuple(step for stage in stages for step in stage.steps))
