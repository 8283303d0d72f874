"""A saga's history folded into what became of each command, and of each step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from counterstep.http.views.sagas import SagaHistoryEntry
from counterstep.protocol.answers import Direction
from counterstep.saga.transition import HistoryEvent

Outcome: TypeAlias = Literal["pending", "succeeded", "refused", "in_doubt", "superseded"]

SENT: Final = HistoryEvent.SENT
ABORTED: Final = HistoryEvent.ABORTED
REPLIES: Final[dict[HistoryEvent, Outcome]] = {
    HistoryEvent.SUCCEEDED: "succeeded",
    HistoryEvent.REFUSED: "refused",
    HistoryEvent.IN_DOUBT: "in_doubt",
}
"""The entries that settle an attempt. A last timeout counts as one: the outcome is in doubt."""


@dataclass(frozen=True)
class AttemptProgress:
    """One command that was sent, and what became of it.

    `sent` and `settled` count the history's entries from 0. An attempt is superseded where the same step is sent
    again, or compensated, before a reply. If the saga is aborted before the reply, its outcome is in doubt.
    """

    step: str
    direction: Direction
    number: int
    routing_key: str | None
    sent: int
    sent_at: datetime
    outcome: Outcome = "pending"
    settled: int | None = None
    settled_at: datetime | None = None
    detail: str | None = None

    def took(self, now: datetime) -> timedelta:
        """The time from sending to the outcome; up to `now` while it is pending."""
        return (self.settled_at or now) - self.sent_at


@dataclass(frozen=True)
class LegProgress:
    """A step in one direction: all attempts at it, of which the last one counts."""

    attempts: tuple[AttemptProgress, ...]

    @property
    def last(self) -> AttemptProgress:
        return self.attempts[-1]

    def took(self, now: datetime) -> timedelta:
        """The time from the first sending to the last outcome; up to `now` while that is pending."""
        return (self.last.settled_at or now) - self.attempts[0].sent_at


@dataclass(frozen=True)
class StepProgress:
    """A step in both directions; `None` for one that was never begun. `skipped` if its condition was false."""

    step: str
    forward: LegProgress | None
    compensation: LegProgress | None
    skipped: bool = False


def attempts(history: Iterable[SagaHistoryEntry]) -> tuple[AttemptProgress, ...]:
    """What became of every command, in the order in which they were sent."""
    found: list[AttemptProgress] = []
    for position, entry in enumerate(history):
        for index, attempt in enumerate(found):
            if attempt.outcome == "pending" and (outcome := _outcome(attempt, entry)):
                found[index] = replace(
                    attempt,
                    outcome=outcome,
                    settled=position,
                    settled_at=entry.at,
                    detail=entry.detail if entry.event in REPLIES else None,
                )
        if entry.event == SENT:
            found.append(
                AttemptProgress(
                    entry.step, entry.direction, entry.attempt, entry.detail, sent=position, sent_at=entry.at
                )
            )
    return tuple(found)


def steps(names: Sequence[str], saga: str, history: Iterable[SagaHistoryEntry]) -> list[StepProgress]:
    """The progress of each of these steps, in their order.

    The saga's own compensation, which tells the service that started it, comes last once it has begun.
    """
    legs: dict[tuple[str, Direction], LegProgress] = {}
    for attempt in attempts(history):
        key = attempt.step, attempt.direction
        before = legs[key].attempts if key in legs else ()
        legs[key] = LegProgress((*before, attempt))
    begun = [position for position, step in enumerate(names) if (step, "forward") in legs]
    furthest = max(begun, default=-1)
    found = [
        StepProgress(
            step,
            legs.get((step, "forward")),
            legs.get((step, "compensation")),
            skipped=position < furthest and position not in begun,
        )
        for position, step in enumerate(names)
    ]
    own = legs.get((saga, "compensation"))
    return [*found, StepProgress(saga, None, own)] if own else found


def _outcome(attempt: AttemptProgress, entry: SagaHistoryEntry) -> Outcome | None:
    """What this entry makes of a pending attempt; `None` where it does not concern it."""
    if entry.event == ABORTED and attempt.direction == "forward":
        return "in_doubt"
    if entry.step != attempt.step:
        return None
    if entry.event == SENT:
        return "superseded"
    same = (entry.direction, entry.attempt) == (attempt.direction, attempt.number)
    return REPLIES.get(entry.event) if same else None
