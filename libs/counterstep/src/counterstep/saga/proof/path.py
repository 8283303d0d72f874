"""The state machine of an instance: which phases may follow each other. Its history is a path through it."""

from collections.abc import Mapping
from typing import Any, Final

from counterstep.saga.definition import Saga
from counterstep.saga.instance import Instance, Phase, StepState

NEXT: Final[Mapping[Phase, frozenset[Phase]]] = {
    Phase.SKIPPED: frozenset(),
    Phase.PENDING: frozenset({Phase.PENDING, Phase.DONE, Phase.REFUSED, Phase.IN_DOUBT, Phase.COMPENSATING}),
    Phase.DONE: frozenset({Phase.COMPENSATING}),
    Phase.REFUSED: frozenset(),
    Phase.IN_DOUBT: frozenset({Phase.COMPENSATING}),
    Phase.COMPENSATING: frozenset({Phase.COMPENSATING, Phase.COMPENSATED}),
    Phase.COMPENSATED: frozenset(),
}
"""The phases that may follow each. One input may end a step and send its compensation in the same transition."""


def goes_onward(saga: Saga[Any], before: Instance, after: Instance) -> bool:
    """Whether the second may come of the first by one thing heard."""
    turns = before.abort in {None, after.abort}
    steps = all(_goes_on(state, after.steps.get(step)) for step, state in before.steps.items())
    return turns and steps and not before.status(saga).ended


def _goes_on(before: StepState, after: StepState | None) -> bool:
    if after is None or after == before:
        return after is not None
    again = after.phase is before.phase
    return after.phase in NEXT[before.phase] and (not again or after.attempt_number == before.attempt_number + 1)
