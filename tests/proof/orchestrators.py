"""An orchestrator: what a run makes of a message, and what comes to it by itself."""

from collections.abc import Iterator
from typing import Any

from saga import Advanced, Ask, Nudged, Run, Saga, Silent, begin

from proof.messages import Answer, Command, Decided, Message, Started
from proof.safeguards import Safeguards
from proof.scope import Scope


def follows(safeguards: Safeguards, scope: Scope, run: Run | None, message: Message) -> Advanced | None:
    """What follows from a message, as `orchestrator.ledger` does it; `None` where there is no such run yet."""
    match message:
        case Command() | Decided():
            raise TypeError(f"{message} is for a participant")
        case Started():
            return Advanced(run) if run else begin(scope.saga, skipped=scope.skipped)
        case _ if run is None:
            return None
        case Answer():
            return safeguards.advance(scope.saga, run, message.heard)
        case _:
            return safeguards.advance(scope.saga, run, message)


def impulses(safeguards: Safeguards, saga: Saga[Any], run: Run, attempts: int) -> Iterator[Silent | Nudged]:
    """Deadlines that may run out, and the nudge that may come, while no step is asked for more often than this."""
    asks = (Ask(step, state.awaited, state.attempt) for step, state in run.steps.items() if state.awaited)
    heard: list[Silent | Nudged] = [*map(Silent, asks), Nudged("now")]
    for impulse in heard:
        after = safeguards.advance(saga, run, impulse).run
        if after != run and all(state.attempt <= attempts for state in after.steps.values()):
            yield impulse
