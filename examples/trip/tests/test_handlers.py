"""The suppliers' handlers are plain functions of a command and its rows."""

from uuid import UUID

from trip.contracts.suppliers import Book, Booked, BookingCancelled, SoldOut, SoldOutCode
from trip.suppliers.handlers import book, cancel
from trip.suppliers.model import Booking, Offer

ID = UUID(int=1)
BOOK = Book(booking_id=ID, offer="flight to Lisbon")


def test_a_booking_takes_one_of_the_offer() -> None:
    offer, bookings = Offer(offer="flight to Lisbon", available=1), dict[UUID, Booking]()
    assert book(BOOK, offer, bookings) == Booked()
    assert (offer.available, list(bookings)) == (0, [ID])


def test_nothing_is_taken_from_what_is_sold_out() -> None:
    offer = Offer(offer="flight to Lisbon", available=0)
    assert book(BOOK, offer, {}) == SoldOut(code=SoldOutCode.SOLD_OUT, reason="no flight to Lisbon is left")
    assert offer.available == 0


def test_a_booking_is_given_back_once() -> None:
    offer, booking = Offer(offer="flight to Lisbon", available=0), Booking(booking_id=ID, offer="flight to Lisbon")
    for _ in range(2):
        assert cancel(offer, booking) == BookingCancelled()
    assert offer.available == 1
