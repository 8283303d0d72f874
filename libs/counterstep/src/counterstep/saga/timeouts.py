"""How long silence may last before it is taken for an answer."""

from datetime import timedelta
from typing import Any, Final

from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga

LONGEST: Final = timedelta(minutes=5)


def timeout_of(saga: Saga[Any], ask: Attempt) -> timedelta:
    """The step's own `within` for the first attempt; for each further one twice as long, up to five minutes."""
    step = saga.steps.get(ask.step)
    within = step.within if step and ask.direction == "forward" else saga.undo_within
    if ask.attempt == 1:
        return within
    return min(LONGEST, within * 2.0 ** min(ask.attempt - 1, 16))
