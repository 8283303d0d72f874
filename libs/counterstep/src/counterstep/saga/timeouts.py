"""How long the orchestrator waits for the reply to an attempt."""

from datetime import timedelta
from typing import Any, Final

from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga

LONGEST_BACKOFF: Final = timedelta(minutes=5)


def timeout_of(saga: Saga[Any], attempt: Attempt) -> timedelta:
    """The timeout of an attempt: `within` for the first, then twice as long each time, up to five minutes.

    >>> timeout_of(BOOK_TRIP, Attempt("take_money", "forward", 3))  # within=timedelta(seconds=30)
    datetime.timedelta(seconds=120)
    """
    step = saga.steps.get(attempt.step)
    within = step.within if step and attempt.direction == "forward" else saga.undo_within
    if attempt.number == 1:
        return within
    return min(LONGEST_BACKOFF, within * 2.0 ** min(attempt.number - 1, 16))
