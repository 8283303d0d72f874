"""What the suppliers answer. The platform locks the rows that a command names, and writes what is changed."""

from uuid import UUID

from counterstep import Participant, Token

from trip.contracts.suppliers import (
    Book,
    Booked,
    BookingCancelled,
    CancelBooking,
    RequestRoom,
    RoomRequestWithdrawn,
    SoldOut,
    SoldOutCode,
    WithdrawRoomRequest,
)
from trip.suppliers.model import Booking, Offer, RoomRequest
from trip.topology import TRIP

suppliers = Participant("suppliers", TRIP)


@suppliers.handles(Book)
def book(command: Book, offer: Offer | None, bookings: dict[UUID, Booking]) -> Booked | SoldOut:
    """Take one from what is available."""
    if offer is None:
        return SoldOut(code=SoldOutCode.UNKNOWN_OFFER, reason=f"there is no {command.offer}")
    if offer.available == 0:
        return SoldOut(code=SoldOutCode.SOLD_OUT, reason=f"no {command.offer} is left")
    offer.available -= 1
    bookings[command.booking_id] = Booking(booking_id=command.booking_id, offer=command.offer)
    return Booked()


@suppliers.handles(CancelBooking)
def cancel(
    offer: Offer | None,
    booking: Booking | None,
) -> BookingCancelled:
    """Give it back, if it was taken."""
    if offer and booking and not booking.cancelled:
        offer.available += 1
        booking.cancelled = True
    return BookingCancelled()


@suppliers.handles(RequestRoom)
def request_room(command: RequestRoom, requests: dict[UUID, RoomRequest], token: Token) -> Token:
    """Put the request before the reception, whose decision is the reply: see `trip.suppliers.api`."""
    requests[command.trip_id] = RoomRequest(
        trip_id=command.trip_id, token=token, city=command.city, nights=command.nights
    )
    return token


@suppliers.handles(WithdrawRoomRequest)
def withdraw_room_request(
    request: RoomRequest | None,
) -> RoomRequestWithdrawn:
    """The reception need not decide any more; a room that it has confirmed is free again."""
    if request:
        request.status = "withdrawn"
    return RoomRequestWithdrawn()
