"""What a saga can hear, and what it says: the inputs and outputs of `advance`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from counterstep.saga.abort import AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.instance import Instance


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A participant did what it was asked."""

    ask: Attempt


@dataclass(frozen=True, slots=True)
class Refused:
    """A participant said no, for a business reason; `code` tells programs which."""

    ask: Attempt
    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer came within the time given."""

    ask: Attempt


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Whoever started the saga wants it undone; a customer may, until the pivot is asked for."""

    reason: str
    cause: AbortCause = AbortCause.CANCELLED


@dataclass(frozen=True, slots=True)
class ResendRequested:
    """An operator wants what is awaited to be asked for again, now."""

    reason: str


AttemptOutcome: TypeAlias = Succeeded | Refused | TimedOut
"""What is heard about one ask."""

Input: TypeAlias = AttemptOutcome | Cancelled | ResendRequested


class HistoryEvent(StrEnum):
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
class HistoryEntry:
    """One row of the history."""

    event: HistoryEvent
    ask: Attempt
    detail: str | None = None
    code: str | None = None
    """The code of the refusal that it is about, if any."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Where the saga stands now, what it asks for next, and what to write down of what it heard."""

    run: Instance
    asks: tuple[Attempt, ...] = ()
    notes: tuple[HistoryEntry, ...] = ()
