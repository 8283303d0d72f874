"""Queries of instances, and the pending commands of one."""

from datetime import UTC, datetime, timedelta

from counterstep.orchestration.api.queries import first_id_of
from counterstep.orchestration.api.views import awaited
from counterstep.orchestration.model import Deadline, InstanceRow
from uuid_utils.compat import uuid7

NOW = datetime.now(UTC)
INSTANCE = InstanceRow(
    saga_id=uuid7(),
    saga="book_trip",
    version=1,
    key="1",
    start_type="trip.trip_wanted.v2",
    start=b"",
    steps={"book_flight": ["undoing", 2], "book_hotel": ["in_doubt", 1], "check_visa": ["skipped", 1]},
    replies={},
    status="compensating",
    revision=3,
    started_at=NOW,
)


def due(step: str, attempt: int) -> Deadline:
    return Deadline(saga_id=INSTANCE.saga_id, step=step, direction="compensation", attempt=attempt, due_at=NOW)


def test_an_id_of_now_lies_between_the_first_of_the_second_before_and_of_the_next() -> None:
    second = timedelta(seconds=1)
    assert first_id_of(NOW - second) < uuid7() < first_id_of(datetime.now(UTC) + second)


def test_a_time_before_all_ids_excludes_none() -> None:
    assert first_id_of(datetime(1960, 1, 1, tzinfo=UTC)).int == 0


def test_only_pending_attempts_are_shown() -> None:
    (waiting,) = awaited(INSTANCE, [due("book_flight", 1), due("book_flight", 2)])
    assert (waiting.step, waiting.direction, waiting.attempt, waiting.due_at) == (
        "book_flight",
        "compensation",
        2,
        NOW,
    )


def test_a_pending_attempt_without_a_deadline_is_shown_all_the_same() -> None:
    (waiting,) = awaited(INSTANCE, [due("book_flight", 1)])
    assert waiting.due_at is None
