"""A saga instance as swim lanes: a bar for each command, forward or compensating, in the lane of its service.

The axis counts moments, not milliseconds, so that a step of one day does not hide the steps of a few
milliseconds. A moment
is one message that the saga received, with all commands that it sent because of it.
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
    """The index of the history entry that records the sending, from 0."""


@dataclass(frozen=True)
class Milestone:
    """An event of the saga as a whole, such as its start or its end."""

    moment: int
    event: str
    detail: str | None


@dataclass(frozen=True)
class SwimLanes:
    """The whole chart: lanes from the top, and the seconds since the saga started at each moment."""

    services: tuple[str, ...]
    moments: tuple[float, ...]
    bars: tuple[Bar, ...]
    milestones: tuple[Milestone, ...]


def swim_lanes(saga: SagaDetail, started_by: str) -> SwimLanes:
    """Draw a run; `begun_by` is the service whose event it started on."""
    moments = list(_moments(saga.history))
    bars = tuple(_bar(attempt, moments) for attempt in attempts(saga.history))
    begin = saga.history[0].at if saga.history else saga.started_at
    firsts = {moment: row.at for row, moment in reversed(list(zip(saga.history, moments, strict=True)))}
    return SwimLanes(
        services=tuple(dict.fromkeys([started_by, ORCHESTRATOR, *(bar.service for bar in bars)])),
        moments=tuple((firsts[moment] - begin).total_seconds() for moment in sorted(firsts)),
        bars=bars,
        milestones=tuple(
            Milestone(moment, row.event, row.detail)
            for row, moment in zip(saga.history, moments, strict=True)
            if row.event not in {SENT, IGNORED, *REPLIES}
        ),
    )


def service_of(routing_key: str | None) -> str:
    """The service that receives a command."""
    return (routing_key or "").partition(".")[0]


def command_of(attempt: AttemptProgress) -> str:
    """The command that was sent; for a compensation this is its own command, not the step's."""
    return (attempt.routing_key or "").partition(".")[2] or attempt.step


def _moments(history: Iterable[SagaHistoryEntry]) -> Iterator[int]:
    """The moment of each row. A received message begins a moment; the commands that follow belong to it."""
    moment, before = -1, ""
    for row in history:
        # An abort begins a moment of its own, unless the reply in the row before caused it.
        is_abort = row.event == "turned_back" and before not in REPLIES
        if is_abort or moment < 0 or row.event in {"nudged", IGNORED, *REPLIES}:
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
