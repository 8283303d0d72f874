"""Booking a trip: a step that only some instances have, two in parallel, a pivot, and one that must succeed."""

from datetime import timedelta
from typing import Final

from counterstep.saga.abort import Abort
from counterstep.saga.definition import Saga
from counterstep.saga.registry import Registry
from counterstep.saga.steps import parallel, step

from travel.contracts.bank import TakeMoney
from travel.contracts.flight import BookFlight, CancelFlight
from travel.contracts.hotel import Booked, BookHotel, CancelHotel
from travel.contracts.trip import CheckVisa, ForgetVisa, SendTickets, TripWanted, TurnDown


def trip(wanted: TripWanted) -> str:
    return wanted.trip


def is_far(wanted: TripWanted) -> bool:
    return wanted.far


def check_visa(_: TripWanted) -> CheckVisa:
    return CheckVisa()


def forget_visa(_: TripWanted) -> ForgetVisa:
    return ForgetVisa()


def book_hotel(wanted: TripWanted) -> BookHotel:
    return BookHotel(trip=wanted.trip)


def cancel_hotel(wanted: TripWanted) -> CancelHotel:
    return CancelHotel(trip=wanted.trip)


def book_flight(_: TripWanted) -> BookFlight:
    return BookFlight()


def cancel_flight(_: TripWanted) -> CancelFlight:
    return CancelFlight()


def take_money(_: TripWanted, booked: Booked) -> TakeMoney:
    return TakeMoney(room=booked.room)


def send_tickets(_: TripWanted) -> SendTickets:
    return SendTickets()


def turn_down(_: TripWanted, turn: Abort) -> TurnDown:
    return TurnDown(reason=turn.reason)


BOOK_TRIP: Final = Saga(
    name="book_trip",
    version=1,
    starts_on=TripWanted,
    key=trip,
    undo=turn_down,
    compensatable=(
        step(check_visa, undo=forget_visa, retry=1, when=is_far),
        parallel(
            step(book_hotel, undo=cancel_hotel, within=timedelta(seconds=5)),
            step(book_flight, undo=cancel_flight, within=timedelta(seconds=5)),
        ),
    ),
    pivot=take_money,
    retriable=(send_tickets,),
)

SAGAS: Final = Registry([BOOK_TRIP])

WANTED: Final = TripWanted(trip="rome", far=False)
FAR: Final = TripWanted(trip="tokyo", far=True)
