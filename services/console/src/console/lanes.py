"""A run as swim lanes: who was asked for what, from which moment to which, forward and back.

The axis is of moments, not of milliseconds: a step that took a day does not hide those that took a blink. A moment
is something that the run heard, with all that it asked for at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from console.told import Happening, RunDetail

ORCHESTRATOR: Final = "orchestrator"
ANSWERS: Final = frozenset({"succeeded", "refused", "in_doubt"})
ASKED: Final = "asked"
IGNORED: Final = "ignored"


@dataclass(frozen=True)
class Bar:
    """One command that was sent: `end` is None while it is awaited, `outcome` what was heard, or `overtaken`."""

    service: str
    command: str
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


def command_of(asked: Happening) -> str:
    """The command that was sent: of a compensation, not the step's own."""
    return (asked.detail or "").partition(".")[2] or asked.step


def _moments(history: Iterable[Happening]) -> Iterator[int]:
    """The moment of each row: what is heard begins one, and what follows from it belongs to the same."""
    moment, before = -1, ""
    for row in history:
        # What turned a run back is heard by itself, or is the answer in the row before.
        turns = row.event == "turned_back" and before not in ANSWERS
        if turns or moment < 0 or row.event in {"nudged", IGNORED, *ANSWERS}:
            moment += 1
        before = row.event
        yield moment


def _bars(history: tuple[Happening, ...], moments: list[int]) -> Iterator[Bar]:
    for number, row in enumerate(history):
        if row.event != ASKED:
            continue
        later = range(number + 1, len(history))
        ending = next((each for each in later if _ends(history[each], row)), None)
        answer = None if ending is None else history[ending]
        yield Bar(
            service=service_of(row.detail),
            command=command_of(row),
            direction=row.direction,
            attempt=row.attempt,
            begin=moments[number],
            end=None if ending is None else moments[ending],
            outcome=_outcome(answer),
            seconds=(answer.at - row.at).total_seconds() if answer else None,
            detail=answer.detail if answer and answer.event != ASKED else None,
            row=number,
        )


def _ends(later: Happening, asked: Happening) -> bool:
    """Whether this answers it, or its step is asked for again, or asked to be undone."""
    if later.step != asked.step:
        return False
    answered = later.event in ANSWERS and (later.direction, later.attempt) == (asked.direction, asked.attempt)
    return answered or later.event == ASKED


def _outcome(ending: Happening | None) -> str:
    if ending is None:
        return "awaited"
    return "overtaken" if ending.event == ASKED else ending.event
