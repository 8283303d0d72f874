"""The saga of a trip, played without any service."""

from uuid import UUID

from counterstep.testing import rehearse
from trip.contracts.agency import ConfirmTrip, RejectTrip, TripConfirmed, TripRejected, TripRequested
from trip.contracts.suppliers import (
    Book,
    Booked,
    BookingCancelled,
    CancelBooking,
    RequestRoom,
    RoomConfirmed,
    RoomDeclined,
    RoomRequestWithdrawn,
    SoldOut,
    WithdrawRoomRequest,
)
from trip.trip_orchestrator.book_trip import BOOK_TRIP

TRIP = TripRequested(trip_id=UUID(int=1), traveller="ada", city="Lisbon", nights=3)


def test_flight_and_room_are_booked_at_once_and_the_car_after_both() -> None:
    assert rehearse(BOOK_TRIP, TRIP, []).sent == [Book, RequestRoom]
    assert rehearse(BOOK_TRIP, TRIP, [RoomConfirmed]).sent == [Book, RequestRoom]
    assert rehearse(BOOK_TRIP, TRIP, [RoomConfirmed, Booked]).sent == [Book, RequestRoom, Book]


def test_a_trip_with_everything_is_confirmed() -> None:
    played = rehearse(BOOK_TRIP, TRIP, [Booked, RoomConfirmed, Booked, TripConfirmed])
    assert played.sent == [Book, RequestRoom, Book, ConfirmTrip]
    assert played.status == "completed"


def test_without_a_room_the_flight_is_cancelled() -> None:
    played = rehearse(BOOK_TRIP, TRIP, [Booked, RoomDeclined, BookingCancelled, TripRejected])
    assert played.sent == [Book, RequestRoom, CancelBooking, RejectTrip]
    assert played.status == "compensated"


def test_without_a_car_flight_and_room_are_given_up() -> None:
    played = rehearse(BOOK_TRIP, TRIP, [Booked, RoomConfirmed, SoldOut, BookingCancelled, RoomRequestWithdrawn])
    assert {CancelBooking, WithdrawRoomRequest} < set(played.sent)
    assert played.sent[-1] is RejectTrip
