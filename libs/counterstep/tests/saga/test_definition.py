"""A saga that could not run is refused when it is defined."""

from dataclasses import replace

import pytest
from counterstep.saga.steps import step
from travel.contracts.bank import TakeMoney
from travel.contracts.hotel import Booked
from travel.contracts.trip import TripWanted
from travel.sagas import BOOK_TRIP, book_flight, cancel_flight


def take_money_first(_: TripWanted, booked: Booked) -> TakeMoney:
    return TakeMoney(room=booked.room)


def test_a_step_cannot_take_a_reply_that_no_earlier_step_gives() -> None:
    with pytest.raises(TypeError, match="take_money_first takes Booked, which is the reply of no earlier step"):
        replace(BOOK_TRIP, compensatable=(), pivot=take_money_first)


def test_two_steps_may_not_have_one_name() -> None:
    twice = step(book_flight, undo=cancel_flight)
    with pytest.raises(ValueError, match="two steps of book_trip have one name"):
        replace(BOOK_TRIP, compensatable=(*BOOK_TRIP.compensatable, twice))
