"""A saga's spans are its history, told once it has ended: a bar over its whole life, and one for each step.

The ids are derived from what a span is about. So commands can name their step as their parent long before its span
is recorded, by whichever process ends the saga, after whatever restarts.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from counterstep.orchestration.history import SavedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.protocol.answers import Direction
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.transition import HistoryEvent
from counterstep.telemetry import FinishedSpan, SpanEvent, below
from counterstep.telemetry.identity import span_id_of
from counterstep.telemetry.spans import Attributes

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERS: Final = frozenset({HistoryEvent.SUCCEEDED, HistoryEvent.REFUSED, HistoryEvent.IN_DOUBT})
ENDS: Final = frozenset({HistoryEvent.COMPLETED, HistoryEvent.COMPENSATED})


def place_of_saga(opened: LoadedInstance) -> str | None:
    """Where what concerns the whole saga belongs in its trace."""
    return opened.traceparent and below(opened.traceparent, span_id_of(str(opened.saga_id)))


def place_of_step(opened: LoadedInstance, ask: Attempt) -> str | None:
    """Where a command, and all that follows from it, belongs in the saga's trace."""
    return opened.traceparent and below(opened.traceparent, _step_id(opened.saga_id, ask.step, ask.direction))


def spans_of(opened: LoadedInstance, history: Sequence[SavedEntry]) -> Iterator[FinishedSpan]:
    """The spans of a run that has ended and is recorded, from its whole history."""
    yield _whole(opened, history)
    asked: dict[tuple[str, Direction], list[SavedEntry]] = {}
    for entry in history:
        key = entry.step, entry.direction
        if entry.event is HistoryEvent.ASKED:
            asked.setdefault(key, []).append(entry)
        elif entry.event in ANSWERS and key in asked:
            yield _step(opened, asked.pop(key), entry)
        elif entry.event is HistoryEvent.TURNED_BACK:  # what was awaited then is in doubt, and nobody's fault
            yield from (_step(opened, asked.pop(each), entry) for each in list(asked))


def _whole(opened: LoadedInstance, history: Sequence[SavedEntry]) -> FinishedSpan:
    end = next(entry for entry in history if entry.event in ENDS)
    turn = opened.run.turn
    why = {"saga.cause": turn.cause.value, "saga.reason": turn.reason, **_code(turn.code)} if turn else {}
    return FinishedSpan(
        name=f"saga {opened.saga.name}",
        span_id=span_id_of(str(opened.saga_id)),
        traceparent=opened.traceparent or "",
        start=_nanoseconds(history[0].at),
        end=_nanoseconds(end.at),
        attributes={
            **_about(opened),
            "saga.version": opened.saga.version,
            "saga.outcome": end.event.value,
            **why,
        },
        moments=[_moment(opened.saga, entry) for entry in history],
    )


def _step(opened: LoadedInstance, asked: Sequence[SavedEntry], ended: SavedEntry) -> FinishedSpan:
    first, last = asked[0], asked[-1]
    outcome = ended.event if ended.event in ANSWERS else HistoryEvent.IN_DOUBT
    return FinishedSpan(
        name=f"saga.{'step' if first.direction == 'forward' else 'compensate'} {_title(opened.saga, first)}",
        span_id=_step_id(opened.saga_id, first.step, first.direction),
        traceparent=place_of_saga(opened) or "",
        start=_nanoseconds(first.at),
        end=_nanoseconds(ended.at),
        attributes={
            **_about(opened),
            "saga.step": first.step,
            "saga.direction": first.direction,
            "saga.attempt": last.attempt,
            "saga.outcome": outcome.value,
            **({"saga.reason": ended.detail} if ended.detail else {}),
            **_code(ended.code),
        },
        moments=[_moment(opened.saga, entry) for entry in (*asked[1:], ended)],
        fault="not answered in time" if ended.event is HistoryEvent.IN_DOUBT else None,
    )


def _code(code: str | None) -> dict[str, str]:
    """The refusal's code, as an attribute; nothing where there was no refusal."""
    return {"saga.refusal.code": code} if code else {}


def _about(opened: LoadedInstance) -> Attributes:
    key = opened.saga.key
    return {
        "saga.id": str(opened.saga_id),
        "saga.name": opened.saga.name,
        key.__name__.replace("_", "."): str(key(opened.start)),  # `order_id` is `order.id`
    }


def _moment(saga: Saga[Any], entry: SavedEntry) -> SpanEvent:
    at, event = _nanoseconds(entry.at), entry.event.value
    detail: dict[str, str] = {"detail": entry.detail} if entry.detail else {}
    if entry.step == saga.name and entry.direction == "forward":
        return SpanEvent(event, at, detail)
    about = {"saga.step": entry.step, "saga.direction": entry.direction, "saga.attempt": str(entry.attempt)}
    return SpanEvent(f"{_title(saga, entry)} {event}", at, about | detail)


def _title(saga: Saga[Any], entry: SavedEntry) -> str:
    """What was asked for: a compensation goes by its own name."""
    if entry.direction == "forward":
        return entry.step
    undo = saga.undo if entry.step == saga.name else saga.steps[entry.step].undo
    return undo.__name__ if undo else entry.step


def _step_id(saga_id: UUID, step: str, direction: Direction) -> int:
    return span_id_of(str(saga_id), step, direction)


def _nanoseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1) * 1_000
