"""A run as swim lanes: who was asked for what, from which moment to which, forward and back.

The axis is of moments, not of milliseconds: a step that took a day does not hide those that took a blink. A moment
is something that the run heard, with all that it asked for at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from counterstep.client.progress import REPLIES, SENT, AttemptProgress, Outcome, attempts
from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry

ORCHESTRATOR: Final = "orchestrator"
IGNORED: Final = "ignored"


@dataclass(frozen=True)
class Bar:
    """One command that was sent, from moment `begin` to moment `end`, which is None while it is pending."""

    service: str
    command: str
    direction: str
    attempt: int
    begin: int
    end: int | None
    outcome: Outcome
    seconds: float | None
    detail: str | None
    row: int
    """The history's entry that tells of its sending, from 0."""


@dataclass(frozen=True)
class Mark:
    """What the orchestrator itself made of it."""

    moment: int
    event: str
    detail: str | None


@dataclass(frozen=True)
class Lanes:
    """The whole picture: lanes from the top, and the seconds since the beginning at each moment."""

    services: tuple[str, ...]
    moments: tuple[float, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


def lanes(run: SagaDetail, begun_by: str) -> Lanes:
    """Draw a run; `begun_by` is the service whose event it started on."""
    moments = list(_moments(run.history))
    bars = tuple(_bar(attempt, moments) for attempt in attempts(run.history))
    begin = run.history[0].at if run.history else run.started_at
    firsts = {moment: row.at for row, moment in reversed(list(zip(run.history, moments, strict=True)))}
    return Lanes(
        services=tuple(dict.fromkeys([begun_by, ORCHESTRATOR, *(bar.service for bar in bars)])),
        moments=tuple((firsts[moment] - begin).total_seconds() for moment in sorted(firsts)),
        bars=bars,
        marks=tuple(
            Mark(moment, row.event, row.detail)
            for row, moment in zip(run.history, moments, strict=True)
            if row.event not in {SENT, IGNORED, *REPLIES}
        ),
    )


def service_of(routing_key: str | None) -> str:
    """The service that a command goes to."""
    return (routing_key or "").partition(".")[0]


def command_of(attempt: AttemptProgress) -> str:
    """The command that was sent: of a compensation, not the step's own."""
    return (attempt.routing_key or "").partition(".")[2] or attempt.step


def _moments(history: Iterable[SagaHistoryEntry]) -> Iterator[int]:
    """The moment of each row: what is heard begins one, and what follows from it belongs to the same."""
    moment, before = -1, ""
    for row in history:
        # What turned a run back is heard by itself, or is the answer in the row before.
        turns = row.event == "turned_back" and before not in REPLIES
        if turns or moment < 0 or row.event in {"nudged", IGNORED, *REPLIES}:
            moment += 1
        before = row.event
        yield moment


def _bar(attempt: AttemptProgress, moments: list[int]) -> Bar:
    return Bar(
        service=service_of(attempt.routing_key),
        command=command_of(attempt),
        direction=attempt.direction,
        attempt=attempt.number,
        begin=moments[attempt.sent],
        end=None if attempt.settled is None else moments[attempt.settled],
        outcome=attempt.outcome,
        seconds=_seconds(attempt.sent_at, attempt.settled_at),
        detail=attempt.detail,
        row=attempt.sent,
    )


def _seconds(since: datetime, until: datetime | None) -> float | None:
    return (until - since).total_seconds() if until else None
