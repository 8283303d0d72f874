"""The metrics of sagas: counters of what committed units of work did, and gauges of what has not ended."""

from collections.abc import Sequence
from functools import cache
from time import time
from typing import Any, Final
from uuid import UUID

from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily

from counterstep.messaging.database.sql import Sql
from counterstep.messaging.wire.envelope import Envelope
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.answers import Direction
from counterstep.protocol.ids import made_at
from counterstep.protocol.naming import answers
from counterstep.protocol.refusal_codes import UNSPECIFIED, RefusalCode
from counterstep.saga.description import command_of
from counterstep.saga.instance import Status
from counterstep.saga.registry import Registry
from counterstep.saga.steps import Step
from counterstep.saga.transition import HistoryEvent

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3600, 86400)
"""From a quick reply to a step that a person decides after hours."""

STARTED: Final = Counter("saga_started", "Sagas begun.", ["saga"])
ENDED: Final = Counter("saga_ended", "Sagas ended, by how.", ["saga", "outcome"])
DURATION: Final = Histogram(
    "saga_duration_seconds", "From the start of a saga to its end.", ["saga", "outcome"], buckets=_SECONDS
)
STEP_DURATION: Final = Histogram(
    "saga_step_duration_seconds",
    "From a command to its reply, for the attempt that was answered.",
    ["saga", "step", "direction", "outcome"],
    buckets=_SECONDS,
)
REFUSALS: Final = Counter(
    "saga_step_refusals", "Commands that were refused, by the code of the refusal.", ["saga", "step", "code"]
)
RETRIES: Final = Counter("saga_retries", "Commands that were resent.", ["saga", "step", "direction"])

# The partial index `saga_runs_left` covers exactly the instances that have not ended.
_UNENDED: Final = """
SELECT saga, status, count(*), extract(epoch FROM now() - min(started_at))::float
FROM saga_runs WHERE ended_at IS NULL GROUP BY saga, status
"""


def from_zero(sagas: Registry) -> None:
    """Create every label that these sagas can have: `rate` does not see the increase by which a series appears."""
    for saga in sagas:
        STARTED.labels(saga.name)
        for outcome in (HistoryEvent.COMPLETED, HistoryEvent.COMPENSATED):
            ENDED.labels(saga.name, outcome.value)
            DURATION.labels(saga.name, outcome.value)
        for step in saga.steps.values():
            _step_from_zero(saga.name, step.name, "forward")
            if step.name not in saga.infallible:
                _step_duration(saga.name, step.name, "forward", HistoryEvent.REFUSED)
                for code in _codes(step):
                    REFUSALS.labels(saga.name, step.name, code)
            if step.undo:
                _step_from_zero(saga.name, step.name, "compensation")
        _step_from_zero(saga.name, saga.name, "compensation")


def count(work: UnitOfWork, received: Sequence[Envelope] = ()) -> None:
    """Count what a committed unit of work did; `received` are the messages that led to it."""
    command_of = {each.message_id: each.headers.causation_id for each in received}
    for new in work.history:
        saga, event, attempt = work.instances[new.saga_id].saga.name, new.entry.event, new.entry.attempt
        match event:
            case HistoryEvent.STARTED:
                STARTED.labels(saga).inc()
            case HistoryEvent.SENT if attempt.number > 1:
                RETRIES.labels(saga, attempt.step, attempt.direction).inc()
            case HistoryEvent.SUCCEEDED | HistoryEvent.REFUSED:
                if event is HistoryEvent.REFUSED:
                    REFUSALS.labels(saga, attempt.step, new.entry.code or UNSPECIFIED).inc()
                if new.message_id and (seconds := _seconds_since(command_of.get(new.message_id))) is not None:
                    _step_duration(saga, attempt.step, attempt.direction, event).observe(seconds)
            case HistoryEvent.COMPLETED | HistoryEvent.COMPENSATED:
                ENDED.labels(saga, event.value).inc()
                DURATION.labels(saga, event.value).observe(work.durations[new.saga_id])


async def of_unended(sagas: Registry, sql: Sql) -> Sequence[Metric]:
    """How many instances have not ended, and the age of the oldest, by saga and status; zeros included."""
    running = GaugeMetricFamily("saga_running", "Sagas that have not ended.", labels=["saga", "status"])
    oldest = GaugeMetricFamily(
        "saga_oldest_age_seconds", "Age of the oldest saga that has not ended.", labels=["saga", "status"]
    )
    unended = [status for status in Status if not status.ended]
    found = {(saga, status): (0, 0.0) for saga, _ in sagas.versions for status in unended}
    found |= {(saga, Status(status)): figures for saga, status, *figures in await sql(_UNENDED)}
    for labels, (instances, seconds) in found.items():
        running.add_metric(labels, instances)
        oldest.add_metric(labels, seconds)
    return running, oldest


def _step_from_zero(saga: str, step: str, direction: Direction) -> None:
    RETRIES.labels(saga, step, direction)
    _step_duration(saga, step, direction, HistoryEvent.SUCCEEDED)


def _codes(step: Step[Any]) -> tuple[RefusalCode, ...]:
    """The codes with which the step may be refused."""
    _, refusal = answers(command_of(step.do))
    return RefusalCode.declared_by(refusal)


@cache
def _step_duration(saga: str, step: str, direction: Direction, outcome: HistoryEvent) -> Histogram:
    return STEP_DURATION.labels(saga, step, direction, outcome.value)


def _seconds_since(command: UUID | None) -> float | None:
    """The age of the command; `None` where its id is unknown or is no uuid7."""
    made = made_at(command) if command else None
    return None if made is None else max(0.0, time() - made)
