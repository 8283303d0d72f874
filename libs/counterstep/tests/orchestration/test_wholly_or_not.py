"""A message that cannot be handled changes nothing, and so it harms no other message of its batch."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire import envelope as envelopes
from counterstep.messaging.wire.errors import UnsendableError
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.headers import LARGEST_BODY
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.steps import step
from counterstep.saga.transition import Succeeded
from travel.contracts.bank import TakeMoney
from travel.contracts.hotel import Booked, BookHotel
from travel.contracts.trip import TripWanted
from travel.sagas import BOOK_TRIP, WANTED, cancel_hotel

SAGA_ID = uuid4()
EVENT = Received(envelopes.event(WANTED, saga_id=SAGA_ID, traceparent=None), "orchestrator.events")
BOOKED = Booked(room=7)


def book_hotel(wanted: TripWanted) -> BookHotel:
    return BookHotel(trip=wanted.trip)


def too_much(wanted: TripWanted) -> BookHotel:
    return BookHotel(trip=wanted.trip * LARGEST_BODY)


def wrong(_: TripWanted) -> BookHotel:
    raise RuntimeError("a bug in a saga")


def take_money(_: TripWanted, booked: Booked) -> TakeMoney:
    raise RuntimeError(f"no money for room {booked.room}")


def saga(function: Callable[[TripWanted], BookHotel]) -> Saga[TripWanted]:
    """One step, and a pivot that can never be sent."""
    hotel = step(function, undo=cancel_hotel)
    return replace(BOOK_TRIP, compensatable=(hotel,), pivot=take_money, unique=True)


def everything(work: UnitOfWork) -> Any:
    return deepcopy(vars(work))


@pytest.mark.parametrize(("function", "error"), [(wrong, RuntimeError), (too_much, UnsendableError)])
def test_a_saga_that_cannot_begin_has_not_begun(
    function: Callable[[TripWanted], BookHotel], error: type[Exception]
) -> None:
    work = UnitOfWork({}, "orchestrator")
    before = everything(work)
    with pytest.raises(error):
        work.begin(saga(function), WANTED, EVENT)
    assert everything(work) == before
    assert work.begin(saga(book_hotel), WANTED, EVENT)


def test_a_reply_whose_next_command_cannot_be_made_moves_no_saga() -> None:
    work = UnitOfWork({}, "orchestrator")
    work.begin(saga(book_hotel), WANTED, EVENT)
    before = everything(work)
    with pytest.raises(RuntimeError, match="no money for room 7"):
        work.apply(SAGA_ID, Succeeded(Attempt("book_hotel", "forward")), uuid4(), BOOKED)
    assert everything(work) == before
