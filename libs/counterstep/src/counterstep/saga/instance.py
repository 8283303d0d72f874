"""The state of one saga instance: a phase for each step that was begun, and why it was aborted, if it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from counterstep.protocol.answers import Direction
from counterstep.saga.abort import Abort
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga

ATTENTION_AFTER: Final = 5
"""From this attempt on, a step that must succeed is shown to operators. It is still retried."""


class Phase(StrEnum):
    """What the orchestrator knows of one step. The values are stored with the instance."""

    SKIPPED = "skipped"
    """This instance leaves the step out."""
    PENDING = "asked"
    """Its command was sent; no reply counts yet."""
    DONE = "done"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    """It may have taken effect or not: no reply came in time, or the instance was cancelled first."""
    COMPENSATING = "undoing"
    """Its compensation was sent; no reply counts yet."""
    COMPENSATED = "undone"


_PENDING_DIRECTION: Final[Mapping[Phase, Direction]] = {
    Phase.PENDING: "forward",
    Phase.COMPENSATING: "compensation",
}
_PASSED: Final = frozenset({Phase.DONE, Phase.SKIPPED})


class Status(StrEnum):
    """Where an instance stands as a whole. The engine derives it; the values are stored for queries."""

    RUNNING = "running"
    COMPENSATING = "compensating"
    COMPLETED = "completed"
    COMPENSATED = "compensated"
    NEEDS_ATTENTION = "needs_attention"
    """A step that must succeed has been attempted `ATTENTION_AFTER` times. It is still being retried."""

    @property
    def ended(self) -> bool:
        """Whether the instance is final: it sends no more commands."""
        return self in {Status.COMPLETED, Status.COMPENSATED}


@dataclass(frozen=True, slots=True)
class StepState:
    """A step's phase, and the number of the attempt that is pending or that led to the phase."""

    phase: Phase
    attempt_number: int = 1

    @property
    def pending(self) -> Direction | None:
        """The direction of the pending command; `None` where no reply is expected."""
        return _PENDING_DIRECTION.get(self.phase)

    @property
    def blocks(self) -> bool:
        """Whether the next stage must wait for this step.

        A compensation blocks only during its first attempt: after one timeout the others go on without it.
        """
        return self.phase is Phase.PENDING or (self.phase is Phase.COMPENSATING and self.attempt_number == 1)


@dataclass(frozen=True, slots=True)
class Instance:
    """The state of one saga instance, immutable: `advance` returns a new one.

    The saga's own compensation is kept among the steps, under the saga's name.
    """

    steps: Mapping[str, StepState] = field(default_factory=dict)
    abort: Abort | None = None

    @property
    def pending(self) -> frozenset[Attempt]:
        """The attempts whose reply is still expected. A reply to any other attempt changes nothing."""
        return frozenset(
            Attempt(step, state.pending, state.attempt_number)
            for step, state in self.steps.items()
            if state.pending
        )

    def phase(self, step: str) -> Phase | None:
        """The step's phase; `None` where it was never begun."""
        state = self.steps.get(step)
        return state.phase if state else None

    def with_step(self, step: str, phase: Phase, attempt_number: int = 1) -> "Instance":
        """The same instance with this step in another phase."""
        return replace(self, steps={**self.steps, step: StepState(phase, attempt_number)})

    def aborted(self, abort: Abort) -> "Instance":
        """The same instance, rolling back. Where it was aborted before, the first abort stands."""
        return self if self.abort else replace(self, abort=abort)

    def status(self, saga: Saga[Any]) -> Status:
        """Where the instance stands as a whole."""
        pending = [state for state in self.steps.values() if state.pending]
        if self.phase(saga.name) is Phase.COMPENSATED and not pending:
            return Status.COMPENSATED
        if all(self.phase(step) in _PASSED for step in saga.steps):
            return Status.COMPLETED
        if any(state.attempt_number >= ATTENTION_AFTER for state in pending):
            return Status.NEEDS_ATTENTION
        return Status.COMPENSATING if self.abort else Status.RUNNING
