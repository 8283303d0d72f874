"""Where one saga stands: a state for each step that was begun, and why it turned back, if it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from counterstep.protocol.answers import Direction
from counterstep.saga.abort import Abort
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga

ATTENTION_AFTER: Final = 5
"""From this many attempts on, a step that must succeed is shown to an operator; it is retried all the same."""


class Phase(StrEnum):
    """What is known of one step."""

    SKIPPED = "skipped"
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    UNDOING = "undoing"
    UNDONE = "undone"


AWAITED: Final[Mapping[Phase, Direction]] = {Phase.ASKED: "forward", Phase.UNDOING: "compensation"}
PASSED: Final = frozenset({Phase.DONE, Phase.SKIPPED})


class Status(StrEnum):
    """What is known of the whole saga; derived, never stored by the core."""

    RUNNING = "running"
    COMPENSATING = "compensating"
    COMPLETED = "completed"
    COMPENSATED = "compensated"
    NEEDS_ATTENTION = "needs_attention"

    @property
    def ended(self) -> bool:
        """Whether nothing more will be asked."""
        return self in {Status.COMPLETED, Status.COMPENSATED}


@dataclass(frozen=True, slots=True)
class StepState:
    """A step's phase, and the attempt that is awaited or that settled it."""

    phase: Phase
    attempt: int = 1

    @property
    def awaited(self) -> Direction | None:
        """The direction in which an answer is awaited, if one is."""
        return AWAITED.get(self.phase)

    @property
    def holds_up(self) -> bool:
        """Whether what comes next must wait for it; a compensation that was silent once no longer does."""
        return self.phase is Phase.ASKED or (self.phase is Phase.UNDOING and self.attempt == 1)


@dataclass(frozen=True, slots=True)
class Instance:
    """The state of one saga. Its own undo stands among the steps under the saga's name."""

    steps: Mapping[str, StepState] = field(default_factory=dict)
    turn: Abort | None = None

    @property
    def awaited(self) -> frozenset[Attempt]:
        """What was asked and is neither answered nor given up."""
        return frozenset(
            Attempt(step, state.awaited, state.attempt) for step, state in self.steps.items() if state.awaited
        )

    def phase(self, step: str) -> Phase | None:
        """The step's phase; `None` where it was never begun."""
        state = self.steps.get(step)
        return state.phase if state else None

    def with_step(self, step: str, phase: Phase, attempt: int = 1) -> "Instance":
        """The same run with this step in another phase."""
        return replace(self, steps={**self.steps, step: StepState(phase, attempt)})

    def turned(self, turn: Abort) -> "Instance":
        """The same run on its way back; the first reason stands."""
        return self if self.turn else replace(self, turn=turn)

    def status(self, saga: Saga[Any]) -> Status:
        """Where the saga stands as a whole."""
        awaited = [state for state in self.steps.values() if state.awaited]
        if self.phase(saga.name) is Phase.UNDONE and not awaited:
            return Status.COMPENSATED
        if all(self.phase(step) in PASSED for step in saga.steps):
            return Status.COMPLETED
        if any(state.attempt >= ATTENTION_AFTER for state in awaited):
            return Status.NEEDS_ATTENTION
        return Status.COMPENSATING if self.turn else Status.RUNNING
