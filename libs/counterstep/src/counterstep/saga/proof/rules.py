"""What must hold in every state: the guarantees of the system, for one saga."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

from counterstep.protocol.messages import Refusal
from counterstep.saga.abort import AbortCause
from counterstep.saga.definition import Saga
from counterstep.saga.engine import is_past_pivot
from counterstep.saga.instance import Instance, Phase, Status
from counterstep.saga.proof.participants import Row
from counterstep.saga.proof.path import goes_onward


@dataclass(frozen=True)
class State:
    """The instance now and just before, and what each honest participant has done for it, by step."""

    saga: Saga[Any]
    before: Instance | None
    instance: Instance
    rows: Mapping[str, Row]

    @cached_property
    def status(self) -> Status:
        """The status of the instance."""
        return self.instance.status(self.saga)

    @cached_property
    def pivot(self) -> Row:
        """What has become of the pivot."""
        return self.rows.get(self.saga.pivot.__name__, Row())

    @cached_property
    def wanted(self) -> list[str]:
        """The steps of honest participants that this instance does not leave out."""
        return [
            step
            for step in self.saga.steps
            if step in self.rows and self.instance.phase(step) is not Phase.SKIPPED
        ]


class Rule(Protocol):
    """A function that returns whether the rule holds. The first line of its docstring is the rule."""

    __name__: str

    def __call__(self, state: State, /) -> bool:
        """Judge one state."""


def effects_happen_at_most_once(state: State) -> bool:
    """Each step takes effect at most once in each direction."""
    return all(row.done <= 1 and row.undone <= 1 for row in state.rows.values())


def what_counts_as_done_is_done(state: State) -> bool:
    """What the instance takes for done was done, and what it takes for undone was undone."""
    done = all(row.done for step, row in state.rows.items() if state.instance.phase(step) is Phase.DONE)
    undone = all(row.undone for step, row in state.rows.items() if state.instance.phase(step) is Phase.COMPENSATED)
    return done and undone


def nothing_happens_unasked(state: State) -> bool:
    """Only what the instance has sent a command for takes effect."""
    without_command = {None, Phase.SKIPPED}
    return not any(
        row.done or row.undone for step, row in state.rows.items() if state.instance.phase(step) in without_command
    )


def completed_means_all_of_it(state: State) -> bool:
    """A completed instance has done every step, and undone none."""
    rows = [state.rows[step] for step in state.wanted]
    return state.status is not Status.COMPLETED or all(row.held and not row.undone for row in rows)


def compensated_means_none_of_it(state: State) -> bool:
    """A compensated instance holds nothing any more."""
    return state.status is not Status.COMPENSATED or not any(row.held for row in state.rows.values())


def the_pivot_has_all_before_it(state: State) -> bool:
    """Once the pivot has taken effect, all that comes before it is in effect, and stays so."""
    before = [step.name for stage in state.saga.compensatable for step in stage.steps]
    return not state.pivot.done or all(state.rows[step].held for step in before if step in state.wanted)


def the_pivot_is_past_return(state: State) -> bool:
    """Once the pivot has taken effect, the instance does not roll back."""
    return not (state.pivot.done and state.instance.abort)


def cancellation_and_pivot_never_both_win(state: State) -> bool:
    """A cancelled instance has not sent its pivot, and never will."""
    is_cancelled = state.instance.abort is not None and state.instance.abort.cause is AbortCause.CANCELLED
    return not (is_cancelled and (is_past_pivot(state.saga, state.instance) or state.pivot.done))


def compensations_are_sent_last_first(state: State) -> bool:
    """A step's compensation is sent only after those of all later stages, and the saga's own after all."""
    stages = ([state.saga.name], *([step.name for step in stage.steps] for stage in state.saga.stages))
    phases = [{state.instance.phase(step) for step in stage} for stage in stages]
    back = {Phase.COMPENSATING, Phase.COMPENSATED}
    over = {None, Phase.SKIPPED, Phase.REFUSED, *back}
    later = [set[Phase | None]().union(*phases[nth + 1 :]) for nth in range(len(phases))]
    return all(after <= over for stage, after in zip(phases, later, strict=True) if stage & back)


def what_must_succeed_is_never_refused(state: State) -> bool:
    """A step after the pivot is never refused, and neither is an undo: the instance could end neither way."""
    infallible = [row for step, row in state.rows.items() if step in state.saga.infallible]
    refused = any(isinstance(row.forward, Refusal) for row in infallible)
    return not refused and not any(isinstance(row.compensation, Refusal) for row in state.rows.values())


def every_command_can_be_written(state: State) -> bool:
    """A step is sent only where all steps whose replies it takes were done before it."""
    unsent = {None, Phase.SKIPPED}
    sent = [step for step in state.saga.steps if state.instance.phase(step) not in unsent]
    return not any(state.instance.phase(earlier) in unsent for step in sent for earlier in state.saga.inputs[step])


def instances_go_onward_only(state: State) -> bool:
    """An instance goes onward only: no step comes back to where it was, no reason changes, and an end is final."""
    return (
        state.before is None
        or state.before == state.instance
        or goes_onward(state.saga, state.before, state.instance)
    )


BOOKS: Final[tuple[Rule, ...]] = (
    effects_happen_at_most_once,
    the_pivot_is_past_return,
    the_pivot_has_all_before_it,
    cancellation_and_pivot_never_both_win,
    completed_means_all_of_it,
    compensated_means_none_of_it,
    what_must_succeed_is_never_refused,
)
"""What a customer or a bookkeeper would notice."""

HARM: Final[tuple[Rule, ...]] = (*BOOKS, every_command_can_be_written)
"""What is wrong for somebody, not only odd: a wrong definition shows the way to one of these, if there is one."""

RULES: Final[tuple[Rule, ...]] = (
    *BOOKS,
    what_counts_as_done_is_done,
    nothing_happens_unasked,
    every_command_can_be_written,
    compensations_are_sent_last_first,
    instances_go_onward_only,
)
"""All that must hold."""
