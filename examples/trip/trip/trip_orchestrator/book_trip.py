"""Booking a trip: the command of each step and of its compensation, then the saga that they make."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from counterstep.saga import Abort, Saga, parallel, step

from trip.contracts.agency import ConfirmTrip, RejectTrip, TripRequested
from trip.contracts.suppliers import Book, CancelBooking, RequestRoom, WithdrawRoomRequest

RECEPTION_SECONDS: Final = 10
"""How long a hotel's reception may take to decide. Then the trip is given up."""


def trip_id(trip: TripRequested) -> UUID:
    return trip.trip_id


def traveller(trip: TripRequested) -> str:
    return trip.traveller


def book_flight(trip: TripRequested) -> Book:
    return Book(booking_id=uuid5(trip.trip_id, "flight"), offer=f"flight to {trip.city}")


def cancel_flight(trip: TripRequested) -> CancelBooking:
    return CancelBooking(booking_id=uuid5(trip.trip_id, "flight"), offer=f"flight to {trip.city}")


def request_room(trip: TripRequested) -> RequestRoom:
    return RequestRoom(trip_id=trip.trip_id, city=trip.city, nights=trip.nights)


def withdraw_room_request(trip: TripRequested) -> WithdrawRoomRequest:
    return WithdrawRoomRequest(trip_id=trip.trip_id)


def rent_car(trip: TripRequested) -> Book:
    return Book(booking_id=uuid5(trip.trip_id, "car"), offer=f"car in {trip.city}")


def confirm_trip(trip: TripRequested) -> ConfirmTrip:
    return ConfirmTrip(trip_id=trip.trip_id)


def reject_trip(trip: TripRequested, abort: Abort) -> RejectTrip:
    return RejectTrip(trip_id=trip.trip_id, reason=abort.reason)


BOOK_TRIP: Final = Saga(
    name="book_trip",
    version=1,
    starts_on=TripRequested,
    key=trip_id,
    undo=reject_trip,
    compensatable=(
        parallel(
            step(book_flight, undo=cancel_flight, within=timedelta(seconds=10)),
            step(request_room, undo=withdraw_room_request, within=timedelta(seconds=RECEPTION_SECONDS)),
        ),
    ),
    pivot=rent_car,
    retriable=(confirm_trip,),
    owner=traveller,
)

SAGAS: Final = (BOOK_TRIP,)
