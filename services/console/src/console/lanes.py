"""A run as swim lanes: who was asked for what, from which moment to which, forward and back.

The axis is of moments, not of milliseconds: a step that took a day does not hide those that took a blink. A moment
is something that the run heard, with all that it asked for at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from console.told import Happening, RunDetail

ORCHESTRATOR: Final = "orchestrator"
ANSWERS: Final = frozenset({"succeeded", "refused", "in_doubt"})
ASKED: Final = "asked"
IGNORED: Final = "ignored"


@dataclass(frozen=True)
class Bar:
    """One attempt at one step: `end` is None while it is awaited, `outcome` what was heard."""

    service: str
    step: str
    direction: str
    attempt: int
    begin: int
    end: int | None
    outcome: str
    seconds: float | None
    detail: str | None
    row: int
    """The history's row that asks for it, from 0."""


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


def lanes(run: RunDetail, begun_by: str) -> Lanes:
    """Draw a run; `begun_by` is the service whose event it started on."""
    moments = list(_moments(run.history))
    bars = tuple(_bars(run.history, moments))
    begin = run.history[0].at if run.history else run.started_at
    firsts = {moment: row.at for row, moment in reversed(list(zip(run.history, moments, strict=True)))}
    return Lanes(
        services=tuple(dict.fromkeys([begun_by, ORCHESTRATOR, *(bar.service for bar in bars)])),
        moments=tuple((firsts[moment] - begin).total_seconds() for moment in sorted(firsts)),
        bars=bars,
        marks=tuple(
            Mark(moment, row.event, row.detail)
            for row, moment in zip(run.history, moments, strict=True)
            if row.event not in {ASKED, IGNORED, *ANSWERS}
        ),
    )


def service_of(routing_key: str | None) -> str:
    """The service that a command goes to."""
    return (routing_key or "").partition(".")[0]


def _moments(history: Iterable[Happening]) -> Iterator[int]:
    """The moment of each row: what is heard begins one, and what follows from it belongs to the same."""
    moment = -1
    for row in history:
        if row.event in {"started", "nudged", IGNORED, *ANSWERS} or moment < 0:
            moment += 1
        yield moment


def _bars(history: tuple[Happening, ...], moments: list[int]) -> Iterator[Bar]:
    for number, row in enumerate(history):
        if row.event != ASKED:
            continue
        end, answer = next(
            ((moments[later], each) for later, each in enumerate(history) if _answers(each, row)), (None, None)
        )
        yield Bar(
            service=service_of(row.detail),
            step=row.step,
            direction=row.direction,
            attempt=row.attempt,
            begin=moments[number],
            end=end,
            outcome=answer.event if answer else "awaited",
            seconds=_between(row.at, answer.at) if answer else None,
            detail=answer.detail if answer else None,
            row=number,
        )


def _answers(answer: Happening, asked: Happening) -> bool:
    return answer.event in ANSWERS and (answer.step, answer.direction, answer.attempt) == (
        asked.step,
        asked.direction,
        asked.attempt,
    )


def _between(first: datetime, second: datetime) -> float:
    return (second - first).total_seconds()
