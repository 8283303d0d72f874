"""A saga as data. Its shape is its rule: nothing that can refuse may be written after the pivot, or as an undo.

The terms compensatable, pivot and retriable are those of Garcia-Molina and Salem's saga as Richardson,
"Microservices Patterns" (chapter 4), uses them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Generic, TypeVar

from contracts.base import Certain, Event, Refusable

Start = TypeVar("Start", bound=Event)

DEFAULT_WITHIN = timedelta(seconds=30)


def seconds(count: float) -> timedelta:
    """So many seconds, as a definition writes them."""
    return timedelta(seconds=count)


@dataclass(frozen=True)
class Step(Generic[Start]):
    """One step: what it asks for, how that is undone (only before the pivot), and how long silence may last."""

    do: Callable[[Start], Refusable]
    undo: Callable[[Start], Certain] | None = None
    within: timedelta = DEFAULT_WITHIN

    @property
    def name(self) -> str:
        """The step's name is its function's."""
        return self.do.__name__


@dataclass(frozen=True)
class Stage(Generic[Start]):
    """Steps that run at once; the next stage waits for all of them."""

    steps: tuple[Step[Start], ...]


def step(
    do: Callable[[Start], Refusable], *, undo: Callable[[Start], Certain], within: timedelta = DEFAULT_WITHIN
) -> Stage[Start]:
    """A step before the pivot, with the compensation that takes it back."""
    return Stage((Step(do, undo, within),))


def together(*stages: Stage[Start]) -> Stage[Start]:
    """Steps that do not depend on one another, run at once."""
    return Stage(tuple(step for stage in stages for step in stage.steps))


@dataclass(frozen=True)
class Saga(Generic[Start]):
    """Forward through `compensatable`, `pivot`, `retriable`; back, when it must, in reverse, ending in `undo`.

    `key` is the business key by which people look for a run; `undo` is told why the saga turned back.
    """

    name: str
    version: int
    starts_on: type[Start]
    key: Callable[[Start], object]
    undo: Callable[[Start, str], Certain]
    compensatable: tuple[Stage[Start], ...]
    pivot: Callable[[Start], Refusable]
    retriable: tuple[Callable[[Start], Certain], ...]
    within: timedelta = field(default=DEFAULT_WITHIN)

    @cached_property
    def stages(self) -> tuple[Stage[Start], ...]:
        """Every stage, in the order in which it is entered."""
        certain = (self.pivot, *self.retriable)
        return (*self.compensatable, *(Stage((Step(do, within=self.within),)) for do in certain))

    @cached_property
    def steps(self) -> dict[str, Step[Start]]:
        """Every forward step by name."""
        return {step.name: step for stage in self.stages for step in stage.steps}
