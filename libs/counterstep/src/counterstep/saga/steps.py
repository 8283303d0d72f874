"""The steps of a saga, as a definition writes them: `step(...)`, and `parallel(...)` for several at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeAlias, TypeVar, overload

from counterstep.protocol.messages import Event, FallibleCommand, InfallibleCommand

Start = TypeVar("Start", bound=Event)

DEFAULT_WITHIN: Final = timedelta(seconds=30)

StepFunction: TypeAlias = Callable[[Start], FallibleCommand] | Callable[[Start, Any], FallibleCommand]
"""Makes a step's command from the start event and, if it has a second parameter, an earlier step's reply."""

InfallibleFunction: TypeAlias = Callable[[Start], InfallibleCommand]
"""Makes a command that cannot be refused: a compensation, or a step after the pivot."""


def always(_: Any) -> bool:
    """The `when` of a step that no instance leaves out."""
    return True


@dataclass(frozen=True)
class Step(Generic[Start]):
    """One step as the engine sees it. Definitions make it with `step(...)`."""

    do: StepFunction[Start]
    undo: InfallibleFunction[Start] | None = None
    """Makes the command of the compensation. Only steps before the pivot have one."""
    within: timedelta = DEFAULT_WITHIN
    """The timeout of the first attempt."""
    retry: int = 0
    """How many resends a timeout leads to before the step is in doubt, before the pivot."""
    when: Callable[[Start], bool] = always
    """Whether an instance with this start event has the step at all."""

    @property
    def name(self) -> str:
        """The step's name is its function's. It is stored, so renaming the function needs a new version."""
        return self.do.__name__


@dataclass(frozen=True)
class Stage(Generic[Start]):
    """Steps whose commands are sent at once. The next stage waits for all of them."""

    steps: tuple[Step[Start], ...]


@dataclass(frozen=True)
class InfallibleStage(Generic[Start]):
    """Steps after the pivot whose commands are sent at once. The type keeps fallible ones out."""

    functions: tuple[InfallibleFunction[Start], ...]


def step(
    do: StepFunction[Start],
    *,
    undo: InfallibleFunction[Start],
    within: timedelta = DEFAULT_WITHIN,
    retry: int = 0,
    when: Callable[[Start], bool] = always,
) -> Stage[Start]:
    """A step before the pivot, with its compensation.

    `do` and `undo` make the commands. `retry` says how often the command is sent again after its timeout; after
    that the step is compensated, because nobody knows whether it took effect. An instance leaves the step out
    where `when` returns false for its start event.

    Units: `within` is a `timedelta`, the timeout of the first attempt (30 s if it is left out); later attempts
    wait longer. `retry` counts attempts after the first.

    Raises: nothing. A type checker refuses an `undo` whose command can be refused; so does `prove`.

    >>> flight = step(book_flight, undo=cancel_flight, within=timedelta(seconds=10), retry=2)
    >>> [each.name for each in flight.steps]
    ['book_flight']
    """
    return Stage((Step(do, undo, within, retry, when),))


@overload
def parallel(first: Stage[Start], /, *others: Stage[Start]) -> Stage[Start]: ...


@overload
def parallel(
    first: InfallibleFunction[Start], /, *others: InfallibleFunction[Start]
) -> InfallibleStage[Start]: ...


def parallel(first: Any, /, *others: Any) -> Any:
    """Steps that do not depend on one another, sent at once. The next stage waits for all of them.

    Before the pivot it groups steps, after the pivot the functions of infallible commands.

    Units: none.

    Raises: nothing here; `Saga` raises `TypeError` where one of the steps needs the reply of another one.

    >>> both = parallel(
    ...     step(book_flight, undo=cancel_flight), step(request_room, undo=withdraw_room_request)
    ... )
    >>> [each.name for each in both.steps]
    ['book_flight', 'request_room']
    """
    grouped = (first, *others)
    if isinstance(first, Stage):
        return Stage(tuple(step for stage in grouped for step in stage.steps))
    return InfallibleStage(grouped)
