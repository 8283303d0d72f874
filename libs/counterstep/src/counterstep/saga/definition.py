"""A saga as data. Its shape is its rule: nothing that can refuse may be written after the pivot, or as an undo.

The terms compensatable, pivot and retriable are those of Garcia-Molina and Salem's saga as Richardson,
"Microservices Patterns" (chapter 4), uses them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final, Generic

from counterstep.protocol.messages import CancellationEvent, InfallibleCommand
from counterstep.saga.abort import Abort
from counterstep.saga.step_inputs import wiring
from counterstep.saga.steps import DEFAULT_WITHIN, Does, Stage, Start, Step

UNDO_WITHIN: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Saga(Generic[Start]):
    """Forward through `compensatable`, `pivot`, `retriable`; back, when it must, in reverse, ending in `undo`.

    `key` is the business key by which people look for a run. `undo` is told why the saga turned back. `within`
    bounds the silence of the pivot and of what follows it, `undo_within` that of a compensation. `cancelled_by` is
    the event by which whoever started the saga may call it back. Raises `TypeError` for a step that asks for a
    reply which no earlier step gives, and `ValueError` for two steps of one name.
    """

    name: str
    version: int
    starts_on: type[Start]
    key: Callable[[Start], object]
    undo: Callable[[Start, Abort], InfallibleCommand]
    compensatable: tuple[Stage[Start], ...]
    pivot: Does[Start]
    retriable: tuple[Callable[[Start], InfallibleCommand], ...]
    within: timedelta = DEFAULT_WITHIN
    undo_within: timedelta = UNDO_WITHIN
    cancelled_by: type[CancellationEvent] | None = None

    def __post_init__(self) -> None:
        names = [self.name, *(step.name for stage in self.stages for step in stage.steps)]
        if len(names) != len(set(names)):
            raise ValueError(f"two steps of {self.name} have one name: {names}")
        _ = self.inputs

    @cached_property
    def stages(self) -> tuple[Stage[Start], ...]:
        """Every stage, in the order in which it is entered."""
        surely = (self.pivot, *self.retriable)
        return (*self.compensatable, *(Stage((Step(do, within=self.within),)) for do in surely))

    @cached_property
    def steps(self) -> Mapping[str, Step[Start]]:
        """Every forward step by name."""
        return {step.name: step for stage in self.stages for step in stage.steps}

    @cached_property
    def certain(self) -> frozenset[str]:
        """The steps after the pivot, which cannot refuse."""
        return frozenset(do.__name__ for do in self.retriable)

    @cached_property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Step → the earlier steps whose replies it is given."""
        return wiring(self.stages)

    @cached_property
    def asked_for(self) -> frozenset[str]:
        """The steps whose replies a later step is given."""
        return frozenset(earlier for wanted in self.inputs.values() for earlier in wanted)

    def skipped(self, start: Start) -> list[str]:
        """The steps that this run leaves out."""
        return [name for name, step in self.steps.items() if not step.when(start)]
