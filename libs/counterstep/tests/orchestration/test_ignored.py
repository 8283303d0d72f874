"""Inputs that change nothing: the first ones are entered in the history, and all are counted."""

from uuid import uuid4

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire import envelope as envelopes
from counterstep.orchestration.unit_of_work import LONGEST_IGNORED, MOST_IGNORED, UnitOfWork
from counterstep.saga.attempt import Attempt
from counterstep.saga.transition import Cancelled, HistoryEvent, Input, Refused, ResendRequested, Succeeded
from travel.sagas import BOOK_TRIP, WANTED

SAGA_ID = uuid4()
LATE = Attempt("book_hotel", "forward", 7)


def begun() -> UnitOfWork:
    work = UnitOfWork({}, "orchestrator")
    event = envelopes.event(WANTED, saga_id=SAGA_ID, traceparent=None)
    work.begin(BOOK_TRIP, WANTED, Received(event, "orchestrator.events"))
    return work


def kept(work: UnitOfWork) -> list[str]:
    return [new.entry.detail or "" for new in work.history if new.entry.event is HistoryEvent.IGNORED]


def aborted() -> UnitOfWork:
    work = begun()
    work.apply(SAGA_ID, Cancelled("called off"), uuid4())
    return work


@pytest.mark.parametrize("input_", [Succeeded(LATE), Refused(LATE, "no"), Cancelled("again")], ids=str)
def test_however_often_it_comes_the_history_stays_short(input_: Input) -> None:
    work, times = aborted(), 10 * MOST_IGNORED
    for _ in range(times):
        assert work.apply(SAGA_ID, input_, uuid4()) == []
    assert len(kept(work)) == MOST_IGNORED
    assert work.ignored[SAGA_ID] == work.instances[SAGA_ID].ignored == times


def test_what_earlier_transactions_have_counted_counts() -> None:
    work = aborted()
    work.instances[SAGA_ID].ignored = MOST_IGNORED
    work.apply(SAGA_ID, Succeeded(LATE), uuid4())
    assert (kept(work), work.ignored[SAGA_ID]) == ([], 1)


def test_of_a_long_reason_the_beginning_is_kept() -> None:
    work = aborted()
    work.apply(SAGA_ID, Refused(LATE, "x" * 10 * LONGEST_IGNORED), uuid4())
    [detail] = kept(work)
    assert len(detail) == LONGEST_IGNORED


def test_what_changes_an_instance_is_always_entered() -> None:
    work = begun()
    work.instances[SAGA_ID].ignored = MOST_IGNORED
    work.apply(SAGA_ID, ResendRequested("at once"), uuid4())
    assert HistoryEvent.RESENT in {new.entry.event for new in work.history}
    assert not work.ignored


def test_an_instance_that_only_ignores_is_not_saved_again() -> None:
    """So nothing is counted as ended twice, and no span is recorded twice."""
    work = aborted()
    work.changed.clear()
    work.instances[SAGA_ID].revision = 1
    work.apply(SAGA_ID, Succeeded(LATE), uuid4())
    assert not work.changed
