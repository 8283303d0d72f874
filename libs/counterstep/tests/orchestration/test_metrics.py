"""The metrics that a committed unit of work moves, shown with a small saga."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire.envelope import Envelope, event
from counterstep.orchestration import metrics
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.headers import Headers
from counterstep.saga.attempt import Attempt
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Refused, ResendRequested, Succeeded
from prometheus_client import REGISTRY
from travel.sagas import BOOK_TRIP, WANTED
from uuid_utils.compat import uuid7

SAGA = replace(BOOK_TRIP, name="counted_trip")
HOTEL = Attempt("book_hotel", "forward")
ANSWERED = {"saga": "counted_trip", "step": "book_hotel", "direction": "forward", "outcome": "succeeded"}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"saga": "counted_trip", **labels}) or 0.0


def wanted(saga_id: UUID) -> Received:
    return Received(event(WANTED, saga_id=saga_id, traceparent=None), "orchestrator.events")


def begun(saga_id: UUID) -> UnitOfWork:
    """A unit of work with this instance, whose beginning was counted before."""
    work = UnitOfWork({}, "orchestrator")
    work.begin(SAGA, WANTED, wanted(saga_id))
    work.history.clear()
    return work


def a_reply(saga_id: UUID, command: UUID | None) -> Envelope:
    headers = Headers(causation_id=command)
    return Envelope(saga_id=saga_id, type="x", exchange="replies", routing_key="x", body=b"", headers=headers)


def made(ago: timedelta) -> UUID:
    """The id of a command that was created this long ago."""
    milliseconds = int((datetime.now(UTC) - ago).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | uuid7().int & (1 << 80) - 1)


def test_an_instance_is_counted_when_it_begins_and_only_once() -> None:
    work, saga_id, before = UnitOfWork({}, "orchestrator"), uuid4(), value("saga_started_total")
    for _ in range(2):
        work.begin(SAGA, WANTED, wanted(saga_id))
    metrics.count(work)
    assert value("saga_started_total") == before + 1


def test_a_step_took_as_long_as_its_command_is_old() -> None:
    saga_id, before = uuid4(), value("saga_step_duration_seconds_sum", **ANSWERED)
    work, answer = begun(saga_id), a_reply(saga_id, made(timedelta(seconds=5)))
    work.apply(saga_id, Succeeded(HOTEL), answer.message_id)
    metrics.count(work, [answer])
    assert value("saga_step_duration_seconds_sum", **ANSWERED) - before == pytest.approx(5, abs=0.5)


def test_a_reply_that_comes_twice_is_counted_once() -> None:
    saga_id, before = uuid4(), value("saga_step_duration_seconds_count", **ANSWERED)
    work, answers = begun(saga_id), [a_reply(saga_id, made(timedelta(0))) for _ in range(2)]
    for answer in answers:
        work.apply(saga_id, Succeeded(HOTEL), answer.message_id)
    metrics.count(work, answers)
    assert value("saga_step_duration_seconds_count", **ANSWERED) == before + 1


@pytest.mark.parametrize("command", [None, uuid4()], ids=["no id", "an id without a time"])
def test_a_reply_to_a_command_of_unknown_age_is_not_timed(command: UUID | None) -> None:
    saga_id, before = uuid4(), value("saga_step_duration_seconds_count", **ANSWERED)
    work, answer = begun(saga_id), a_reply(saga_id, command)
    work.apply(saga_id, Succeeded(HOTEL), answer.message_id)
    metrics.count(work, [answer])
    assert value("saga_step_duration_seconds_count", **ANSWERED) == before


def test_a_clock_that_is_behind_makes_no_time_negative() -> None:
    saga_id, before = uuid4(), value("saga_step_duration_seconds_sum", **ANSWERED)
    work, answer = begun(saga_id), a_reply(saga_id, made(-timedelta(minutes=1)))
    work.apply(saga_id, Succeeded(HOTEL), answer.message_id)
    metrics.count(work, [answer])
    assert value("saga_step_duration_seconds_sum", **ANSWERED) == before


def test_a_refusal_is_timed_like_a_success() -> None:
    refused = {**ANSWERED, "outcome": "refused"}
    saga_id, before = uuid4(), value("saga_step_duration_seconds_count", **refused)
    work, answer = begun(saga_id), a_reply(saga_id, uuid7())
    work.apply(saga_id, Refused(HOTEL, "full"), answer.message_id)
    metrics.count(work, [answer])
    assert value("saga_step_duration_seconds_count", **refused) == before + 1


def test_a_refusal_is_counted_once_by_its_code() -> None:
    sold_out = {"step": "book_hotel", "code": "sold_out"}
    saga_id, before = uuid4(), value("saga_step_refusals_total", **sold_out)
    work = begun(saga_id)
    for _ in range(2):
        work.apply(saga_id, Refused(HOTEL, "full", "sold_out"), None)
    metrics.count(work)
    assert value("saga_step_refusals_total", **sold_out) == before + 1


def test_a_resend_is_a_retry_and_a_first_attempt_is_not() -> None:
    labels = {"step": "book_hotel", "direction": "forward"}
    work, saga_id, before = UnitOfWork({}, "orchestrator"), uuid4(), value("saga_retries_total", **labels)
    work.begin(SAGA, WANTED, wanted(saga_id))
    metrics.count(work)
    assert value("saga_retries_total", **labels) == before
    work.history.clear()
    work.apply(saga_id, ResendRequested("again"), None)
    metrics.count(work)
    assert value("saga_retries_total", **labels) == before + 1


def test_every_label_that_a_saga_can_have_is_shown_from_zero() -> None:
    metrics.from_zero(Registry([replace(BOOK_TRIP, name="never_begun")]))
    nothing = {"saga": "never_begun"}
    undone = {**nothing, "step": "book_hotel", "direction": "compensation"}
    assert REGISTRY.get_sample_value("saga_ended_total", {**nothing, "outcome": "compensated"}) == 0
    assert REGISTRY.get_sample_value("saga_retries_total", undone) == 0
    for code in ("sold_out", "closed"):
        labels = {**nothing, "step": "book_hotel", "code": code}
        assert REGISTRY.get_sample_value("saga_step_refusals_total", labels) == 0
    assert REGISTRY.get_sample_value("saga_step_duration_seconds_count", {**undone, "outcome": "succeeded"}) == 0
