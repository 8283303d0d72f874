"""The inputs of the engine, and its output: one transition."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from counterstep.saga.abort import AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.instance import Instance


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A participant replied that the attempt took effect."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Refused:
    """A participant refused the attempt for a business reason; nothing took effect."""

    attempt: Attempt
    reason: str
    """Why, for people."""
    code: str | None = None
    """Why, for programs: one of the codes that the refusal's contract declares."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The attempt's deadline passed without a reply."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The service that started the saga, or an operator, wants it compensated. Too late once the pivot is sent."""

    reason: str
    cause: AbortCause = AbortCause.CANCELLED


@dataclass(frozen=True, slots=True)
class ResendRequested:
    """An operator wants every pending command sent again now, without waiting for its timeout."""

    reason: str


AttemptOutcome: TypeAlias = Succeeded | Refused | TimedOut
"""What became of one attempt."""

Input: TypeAlias = AttemptOutcome | Cancelled | ResendRequested
"""Everything that can move an instance, after the event that started it."""


class HistoryEvent(StrEnum):
    """What happened, in one history entry. The values are stored, and shown in traces and in the API."""

    STARTED = "started"
    SENT = "asked"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    """A step before the pivot timed out for the last time."""
    ABORTED = "turned_back"
    """The instance was cancelled."""
    RESENT = "nudged"
    """An operator had the pending commands sent again."""
    IGNORED = "ignored"
    """A reply or a cancellation came that changes nothing, for instance because it came late."""
    COMPLETED = "completed"
    COMPENSATED = "compensated"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to an instance. What concerns the whole saga is an attempt at the saga's name."""

    event: HistoryEvent
    attempt: Attempt
    detail: str | None = None
    code: str | None = None
    """The code of the refusal that the entry is about, if it is about one."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What follows from one input: the new state, the attempts to send as commands, and the history entries."""

    instance: Instance
    attempts: tuple[Attempt, ...] = ()
    entries: tuple[HistoryEntry, ...] = ()
