"""What is searched, and the bounds that keep it finite."""

from typing import Any, NamedTuple

from counterstep.saga.definition import Saga


class Scope(NamedTuple):
    """A saga, the steps that the instance leaves out, and those whose reply is deferred."""

    saga: Saga[Any]
    skipped: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    attempts: int = 2
    """A step's command is sent at most this often in one direction."""
    repeated: int | None = None
    """This many steps may be at a later attempt than the first at a time; `None` for any number."""
    stalled: int = 1
    """This many transactions may stall at a time, besides any number that do not."""
    adversary: str = ""
    """The service whose user sends anything in its own name. What is promised is promised to the others."""
