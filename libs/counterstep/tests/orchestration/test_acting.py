"""An operator is told why an act can do nothing."""

from typing import TypeAlias
from uuid import uuid4

import pytest
from counterstep.orchestration.api.acting import hindrance
from counterstep.orchestration.instances import LoadedInstance, RawMessage
from counterstep.orchestration.model import Act
from counterstep.protocol.messages import Reply
from counterstep.saga.rehearsal import rehearse
from travel.contracts.flight import FlightCancelled, Seated
from travel.contracts.hotel import Booked, Full
from travel.contracts.trip import TurnedDown
from travel.sagas import BOOK_TRIP, WANTED

Replies: TypeAlias = tuple[Reply | type[Reply], ...]

START_EVENT = RawMessage("trip.trip_wanted.v2", WANTED.model_dump_json().encode())
WAITING: Replies = (Seated,)
PAST_THE_PIVOT: Replies = (Seated, Booked(room=1))
ON_ITS_WAY_BACK: Replies = (Full, Seated)
ENDED: Replies = (Full, Seated, FlightCancelled, TurnedDown)


def opened(replies: Replies) -> LoadedInstance:
    return LoadedInstance(uuid4(), BOOK_TRIP, START_EVENT, WANTED, None, rehearse(BOOK_TRIP, WANTED, replies).run)


@pytest.mark.parametrize("replies", [WAITING, PAST_THE_PIVOT, ON_ITS_WAY_BACK])
def test_a_run_that_has_not_ended_can_be_retried(replies: Replies) -> None:
    assert hindrance(Act.RETRY, opened(replies)) is None


def test_a_run_can_be_called_back_until_its_pivot_is_asked_for() -> None:
    assert hindrance(Act.COMPENSATE, opened(WAITING)) is None
    assert (
        hindrance(Act.COMPENSATE, opened(PAST_THE_PIVOT))
        == "the saga's pivot, take_money, has been asked for: it only goes forward now"
    )


def test_a_run_on_its_way_back_cannot_be_called_back_again() -> None:
    why_not = hindrance(Act.COMPENSATE, opened(ON_ITS_WAY_BACK))
    assert why_not == "the saga is on its way back already: Full"


@pytest.mark.parametrize("act", Act)
def test_nothing_can_be_done_to_a_run_that_has_ended(act: Act) -> None:
    assert hindrance(act, opened(ENDED)) == "the saga has ended, compensated: nothing is awaited"
