"""The spans of a saga instance, made from its history once it has ended: one for all of it, one for each step.

Span ids are derived from the instance's id and the step. So a command can name the span of its step as its parent
long before that span is recorded, and any orchestrator can record it, also after a restart.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.protocol.answers import Direction
from counterstep.saga.abort import Abort
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.transition import HistoryEvent
from counterstep.telemetry import FinishedSpan, SpanEvent, below
from counterstep.telemetry.events import Attributes
from counterstep.telemetry.identity import span_id_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OUTCOMES: Final = frozenset({HistoryEvent.SUCCEEDED, HistoryEvent.REFUSED, HistoryEvent.IN_DOUBT})
_ENDS: Final = frozenset({HistoryEvent.COMPLETED, HistoryEvent.COMPENSATED})


def place_of_saga(loaded: LoadedInstance) -> str | None:
    """The `traceparent` below which everything about the whole instance belongs; `None` without a trace."""
    return loaded.traceparent and below(loaded.traceparent, span_id_of(str(loaded.saga_id)))


def place_of_step(loaded: LoadedInstance, attempt: Attempt) -> str | None:
    """The `traceparent` of a command: below the span of its step."""
    span_id = _step_span_id(loaded.saga_id, attempt.step, attempt.direction)
    return loaded.traceparent and below(loaded.traceparent, span_id)


def spans_of(loaded: LoadedInstance, history: Sequence[RecordedEntry]) -> Iterator[FinishedSpan]:
    """The spans of a traced instance that has ended, from its whole history."""
    yield _saga_span(loaded, history)
    sent: dict[tuple[str, Direction], list[RecordedEntry]] = {}
    for recorded in history:
        event, attempt = recorded.entry.event, recorded.entry.attempt
        key = attempt.step, attempt.direction
        if event is HistoryEvent.SENT:
            sent.setdefault(key, []).append(recorded)
        elif event in _OUTCOMES and key in sent:
            yield _step_span(loaded, sent.pop(key), recorded)
        elif event is HistoryEvent.ABORTED:  # a cancellation puts every pending step in doubt
            yield from (_step_span(loaded, sent.pop(each), recorded) for each in list(sent))


def _saga_span(loaded: LoadedInstance, history: Sequence[RecordedEntry]) -> FinishedSpan:
    end = next(recorded for recorded in history if recorded.entry.event in _ENDS)
    abort = loaded.instance.abort
    return FinishedSpan(
        name=f"saga {loaded.saga.name}",
        span_id=span_id_of(str(loaded.saga_id)),
        traceparent=loaded.traceparent or "",
        start=_nanoseconds(history[0].at),
        end=_nanoseconds(end.at),
        attributes={
            **_saga_attributes(loaded),
            "saga.version": loaded.saga.version,
            "saga.outcome": end.entry.event.value,
            **(
                {"saga.cause": abort.cause.value, "saga.reason": abort.reason, **_code(abort.code)}
                if abort
                else {}
            ),
        },
        moments=[_span_event(loaded.saga, recorded) for recorded in history],
    )


def _step_span(loaded: LoadedInstance, sent: Sequence[RecordedEntry], ended: RecordedEntry) -> FinishedSpan:
    first, last = sent[0].entry.attempt, sent[-1].entry.attempt
    outcome = ended.entry.event if ended.entry.event in _OUTCOMES else HistoryEvent.IN_DOUBT
    return FinishedSpan(
        name=f"saga.{'step' if first.direction == 'forward' else 'compensate'} {_title(loaded.saga, first)}",
        span_id=_step_span_id(loaded.saga_id, first.step, first.direction),
        traceparent=place_of_saga(loaded) or "",
        start=_nanoseconds(sent[0].at),
        end=_nanoseconds(ended.at),
        attributes={
            **_saga_attributes(loaded),
            "saga.step": first.step,
            "saga.direction": first.direction,
            "saga.attempt": last.number,
            "saga.outcome": outcome.value,
            **({"saga.reason": ended.entry.detail} if ended.entry.detail else {}),
            **_code(ended.entry.code),
        },
        repeated=[_span_event(loaded.saga, recorded) for recorded in (*sent[1:], ended)],
        fault="not answered in time" if ended.entry.event is HistoryEvent.IN_DOUBT else None,
    )


def _abort_attributes(abort: Abort) -> Attributes:
    return {"saga.cause": abort.cause.value, "saga.reason": abort.reason, **_code(abort.code)}


def _code(code: str | None) -> dict[str, str]:
    """The code of the refusal as an attribute; none where there was no refusal."""
    return {"saga.refusal.code": code} if code else {}


def _saga_attributes(loaded: LoadedInstance) -> Attributes:
    saga = loaded.saga
    return {
        "saga.id": str(loaded.saga_id),
        "saga.name": saga.name,
        saga.key_name: loaded.key,
    }


def _span_event(saga: Saga[Any], recorded: RecordedEntry) -> SpanEvent:
    at, entry = _nanoseconds(recorded.at), recorded.entry
    attempt, event = entry.attempt, entry.event.value
    detail: dict[str, str] = {"detail": entry.detail} if entry.detail else {}
    if attempt == Attempt(saga.name, "forward"):  # it is about the saga as a whole
        return SpanEvent(event, at, detail, f"saga.{event}")
    about = {
        "saga.step": attempt.step,
        "saga.direction": attempt.direction,
        "saga.attempt": str(attempt.number),
    }
    return SpanEvent(f"{_title(saga, attempt)} {event}", at, about | detail, f"saga.{event}")


def _title(saga: Saga[Any], attempt: Attempt) -> str:
    """The name of the function that made the command; a compensation has a name of its own."""
    if attempt.direction == "forward":
        return attempt.step
    if attempt.step == saga.name:
        return saga.undo.__name__
    step = saga.steps.get(attempt.step)  # a reply may have named any; earlier releases entered it in the history
    return step.undo.__name__ if step and step.undo else attempt.step


def _step_span_id(saga_id: UUID, step: str, direction: Direction) -> int:
    return span_id_of(str(saga_id), step, direction)


def _nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000
