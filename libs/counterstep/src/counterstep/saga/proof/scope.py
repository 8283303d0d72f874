"""What is searched, and the bounds that keep it finite."""

from typing import Any, NamedTuple

from counterstep.saga.definition import Saga


class Scope(NamedTuple):
    """A saga, the steps that this run leaves out, and those that are taken on first and decided later."""

    saga: Saga[Any]
    skipped: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    attempts: int = 2
    """A step is asked for at most so often in one direction."""
    stalled: int = 1
    """So many transactions may stall at a time, beside any number that do not."""
