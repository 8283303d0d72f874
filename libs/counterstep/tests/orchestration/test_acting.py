"""An operator gets the reason if an action can do nothing."""

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
PAST_PIVOT: Replies = (Seated, Booked(room=1))
ROLLING_BACK: Replies = (Full, Seated)
ENDED: Replies = (Full, Seated, FlightCancelled, TurnedDown)


def loaded(replies: Replies) -> LoadedInstance:
    return LoadedInstance(
        uuid4(), BOOK_TRIP, START_EVENT, WANTED, None, rehearse(BOOK_TRIP, WANTED, replies).instance
    )


@pytest.mark.parametrize("replies", [WAITING, PAST_PIVOT, ROLLING_BACK])
def test_an_instance_that_has_not_ended_can_be_retried(replies: Replies) -> None:
    assert hindrance(Act.RETRY, loaded(replies)) is None


def test_an_instance_can_be_compensated_until_its_pivot_is_sent() -> None:
    assert hindrance(Act.COMPENSATE, loaded(WAITING)) is None
    assert (
        hindrance(Act.COMPENSATE, loaded(PAST_PIVOT))
        == "the saga's pivot, take_money, was sent: it only goes forward now"
    )


def test_an_instance_that_is_rolling_back_cannot_be_compensated_again() -> None:
    why_not = hindrance(Act.COMPENSATE, loaded(ROLLING_BACK))
    assert why_not == "the saga is rolling back already: Full"


@pytest.mark.parametrize("act", Act)
def test_nothing_can_be_done_to_an_instance_that_has_ended(act: Act) -> None:
    assert hindrance(act, loaded(ENDED)) == "the saga has ended, compensated: no command is pending"
