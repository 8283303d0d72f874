"""What a saga can hear, and what it says: the inputs and outputs of `advance`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from saga.ask import Ask
from saga.run import Run
from saga.turn import Cause


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A participant did what it was asked."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Refused:
    """A participant said no, for a business reason."""

    ask: Ask
    reason: str


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer came within the time given."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Whoever started the saga wants it undone; a customer may, until the pivot is asked for."""

    reason: str
    cause: Cause = Cause.CANCELLED


@dataclass(frozen=True, slots=True)
class Nudged:
    """An operator wants what is awaited to be asked for again, now."""

    reason: str


Answered: TypeAlias = Succeeded | Refused | Silent
"""What is heard about one ask."""

Heard: TypeAlias = Answered | Cancelled | Nudged


class Event(StrEnum):
    """What a row of the history says."""

    STARTED = "started"
    ASKED = "asked"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    TURNED_BACK = "turned_back"
    NUDGED = "nudged"
    IGNORED = "ignored"
    COMPLETED = "completed"
    COMPENSATED = "compensated"


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the history."""

    event: Event
    ask: Ask
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Advanced:
    """Where the saga stands now, what it asks for next, and what to write down of what it heard."""

    run: Run
    asks: tuple[Ask, ...] = ()
    notes: tuple[Note, ...] = ()
