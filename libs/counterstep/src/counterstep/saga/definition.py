"""A saga as data. Its types are its rules.

A command that can be refused does not type-check after the pivot, nor as a compensation.

The terms compensatable, pivot and retriable are those of Garcia-Molina and Salem's saga as Richardson,
"Microservices Patterns" (chapter 4), uses them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final, Generic

from counterstep.protocol.messages import CancellationEvent, InfallibleCommand
from counterstep.saga.abort import Abort
from counterstep.saga.step_inputs import inputs_by_step
from counterstep.saga.steps import (
    DEFAULT_WITHIN,
    InfallibleFunction,
    InfallibleStage,
    Stage,
    Start,
    Step,
    StepFunction,
)

UNDO_WITHIN: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Saga(Generic[Start]):
    """The definition of a saga, in one version.

    An instance goes forward through `compensatable`, `pivot` and `retriable`. When it is aborted, which can happen
    up to the pivot, it compensates its steps in reverse order and ends with `undo`.

    Units: `within` and `undo_within` are `timedelta`s: how long the first attempt may take before it is repeated.

    Raises: `TypeError` for a step that takes a reply which no earlier step gives, and `ValueError` for two steps
    of one name.

    >>> TWO_STEPS = Saga(
    ...     name="book_flight_and_car",
    ...     version=1,
    ...     starts_on=TripRequested,
    ...     key=trip_id,
    ...     undo=reject_trip,
    ...     compensatable=(step(book_flight, undo=cancel_flight, within=timedelta(seconds=10)),),
    ...     pivot=rent_car,
    ...     retriable=(confirm_trip,),
    ... )
    >>> list(TWO_STEPS.steps)
    ['book_flight', 'rent_car', 'confirm_trip']
    """

    name: str
    version: int
    """Instances stay with the version that they began on. Every change of a definition needs the next version."""
    starts_on: type[Start]
    """The event that starts an instance."""
    key: Callable[[Start], object]
    """The business key, by which people look for an instance, such as the number of a booking."""
    undo: Callable[[Start, Abort], InfallibleCommand]
    """The compensation of the saga as a whole: the last command of an aborted instance."""
    compensatable: tuple[Stage[Start], ...]
    """The stages before the pivot, each made by `step(...)` or `parallel(...)`."""
    pivot: StepFunction[Start]
    """The step that decides: once it has succeeded, the instance only goes forward."""
    retriable: tuple[InfallibleFunction[Start] | InfallibleStage[Start], ...]
    """What follows the pivot: commands that cannot be refused, resent until they succeed."""
    within: timedelta = DEFAULT_WITHIN
    """The timeout of the first attempt at the pivot, and at each step after it."""
    undo_within: timedelta = UNDO_WITHIN
    """The timeout of the first attempt at a compensation."""
    cancelled_by: type[CancellationEvent] | None = None
    """The event by which the service that started an instance may cancel it, until the pivot is sent."""
    unique: bool = False
    """Whether there is at most one instance for each `key`. A second start event of one is a dead letter.

    It holds for every instance that is stored, so to add it is no change of the definition.
    """
    owner: Callable[[Start], str] | None = None
    """Whose an instance is: the `subject` in the tokens of the customer who may read it. `None` for nobody's.

    It is asked when an instance is read, so to add or change it is no change of the definition.
    """

    def __post_init__(self) -> None:
        names = [self.name, *(step.name for stage in self.stages for step in stage.steps)]
        if len(names) != len(set(names)):
            raise ValueError(f"two steps of {self.name} have one name: {names}")
        _ = self.inputs  # raises for an input that no earlier step gives

    @cached_property
    def stages(self) -> tuple[Stage[Start], ...]:
        """Every stage, in the order in which an instance enters them."""
        after_pivot = (Stage(tuple(map(self._retried, functions))) for functions in self._infallible_stages())
        return (*self.compensatable, Stage((self._retried(self.pivot),)), *after_pivot)

    @cached_property
    def steps(self) -> Mapping[str, Step[Start]]:
        """Every step by name; the saga's own compensation is none of them."""
        return {step.name: step for stage in self.stages for step in stage.steps}

    @cached_property
    def infallible(self) -> frozenset[str]:
        """The steps after the pivot, which cannot be refused."""
        return frozenset(function.__name__ for stage in self._infallible_stages() for function in stage)

    @cached_property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """For each step, the earlier steps whose replies its function takes."""
        return inputs_by_step(self.stages)

    @cached_property
    def needed_replies(self) -> frozenset[str]:
        """The steps whose replies a later step takes. Only these replies are stored with an instance."""
        return frozenset(earlier for taken in self.inputs.values() for earlier in taken)

    @cached_property
    def key_name(self) -> str:
        """What traces call the business key: the name of the `key` function, where `trip_id` reads `trip.id`."""
        return self.key.__name__.replace("_", ".")

    def key_of(self, start: Start) -> str:
        """The business key of an instance with this start event, as it is stored."""
        return str(self.key(start))

    def skipped(self, start: Start) -> list[str]:
        """The steps that an instance with this start event leaves out."""
        return [name for name, step in self.steps.items() if not step.when(start)]

    def _infallible_stages(self) -> Iterator[tuple[InfallibleFunction[Start], ...]]:
        for each in self.retriable:
            yield each.functions if isinstance(each, InfallibleStage) else (each,)

    def _retried(self, function: StepFunction[Start]) -> Step[Start]:
        return Step(function, within=self.within)
