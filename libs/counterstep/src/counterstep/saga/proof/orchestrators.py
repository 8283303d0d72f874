"""An orchestrator: what a run makes of a message, and what comes to it by itself."""

from collections.abc import Iterator
from typing import Any

from counterstep.saga.definition import Saga
from counterstep.saga.engine import begin
from counterstep.saga.instance import Instance
from counterstep.saga.proof.messages import Answer, Command, Decided, Message, Started
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope
from counterstep.saga.transition import ResendRequested, TimedOut, Transition


def follows(safeguards: Safeguards, scope: Scope, run: Instance | None, message: Message) -> Transition | None:
    """What follows from a message, as the orchestrator's unit of work does it; `None` for an unknown instance."""
    match message:
        case Command() | Decided():
            raise TypeError(f"{message} is for a participant")
        case Started():
            return Transition(run) if run else begin(scope.saga, skipped=scope.skipped)
        case _ if run is None:
            return None
        case Answer():
            return safeguards.advance(scope.saga, run, message.heard)
        case _:
            return safeguards.advance(scope.saga, run, message)


def impulses(
    safeguards: Safeguards, saga: Saga[Any], run: Instance, attempts: int
) -> Iterator[TimedOut | ResendRequested]:
    """The timeouts and the resend that may happen, while no step's command is sent more often than this."""
    heard: list[TimedOut | ResendRequested] = [*map(TimedOut, run.pending), ResendRequested("now")]
    for impulse in heard:
        after = safeguards.advance(saga, run, impulse).instance
        if after != run and all(state.attempt_number <= attempts for state in after.steps.values()):
            yield impulse
