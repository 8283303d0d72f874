"""What is searched on every test run, and what only a deep run has the time for."""

from dataclasses import replace
from typing import Final

from counterstep.saga.proof.scope import Scope
from counterstep.saga.steps import step
from travel.sagas import BOOK_TRIP, book_flight, book_hotel, cancel_flight, cancel_hotel, check_visa, forget_visa

IN_TURNS: Final = replace(
    BOOK_TRIP,
    name="book_trip_in_turns",
    compensatable=(
        step(check_visa, undo=forget_visa),
        step(book_hotel, undo=cancel_hotel),
        step(book_flight, undo=cancel_flight),
    ),
)
"""The same steps one after the other, where the first is decided by a person."""

ONE_BY_ONE: Final = Scope(IN_TURNS, skipped=("check_visa",))
DECIDED_LATE: Final = Scope(IN_TURNS, long=("check_visa",), attempts=1, stalled=2)
TRIP: Final = Scope(BOOK_TRIP, skipped=("check_visa",), stalled=0)
FAR_TRIP: Final = Scope(BOOK_TRIP, attempts=1, stalled=2)

SERVICES: Final = ("hotel", "flight", "bank", "trip")
LIED_TO: Final = tuple(
    scope._replace(attempts=1, adversary=service) for scope in (ONE_BY_ONE, TRIP) for service in SERVICES
)
"""Each service in turn is one whose password somebody else has."""

EACH_TIME: Final = (ONE_BY_ONE, DECIDED_LATE, TRIP, TRIP._replace(attempts=1, stalled=2), FAR_TRIP, *LIED_TO)
DEEP: Final = (
    *EACH_TIME,
    ONE_BY_ONE._replace(stalled=2),
    DECIDED_LATE._replace(attempts=2, stalled=1),
    TRIP._replace(stalled=1),
    FAR_TRIP._replace(attempts=2, stalled=0),
    *(ONE_BY_ONE._replace(adversary=service) for service in SERVICES),
)
