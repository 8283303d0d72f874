"""The suppliers' messages: flights and cars are booked at once, a hotel decides when its reception has looked."""

from typing import Never
from uuid import UUID

from counterstep import Command, Refusal, RefusalCode, Reply


class Booked(Reply):
    """One is booked, under the command's `booking_id`."""


class SoldOutCode(RefusalCode):
    """Why nothing is booked."""

    SOLD_OUT = "sold_out"
    UNKNOWN_OFFER = "unknown_offer"


class SoldOut(Refusal):
    """There is none left, or there never was such an offer."""

    code: SoldOutCode


class Book(Command[Booked, SoldOut]):
    """Book one of an offer, such as "flight to Lisbon"."""

    booking_id: UUID
    offer: str


class BookingCancelled(Reply):
    """The booking does not stand, whether it ever did or not."""


class CancelBooking(Command[BookingCancelled, Never]):
    """The compensation of `Book`."""

    booking_id: UUID
    offer: str


class RoomConfirmed(Reply):
    """The hotel has a room."""


class RoomDeclinedCode(RefusalCode):
    """Why a hotel gives no room."""

    FULL = "full"


class RoomDeclined(Refusal):
    """The hotel has no room."""

    code: RoomDeclinedCode


class RequestRoom(Command[RoomConfirmed, RoomDeclined]):
    """Ask a hotel for a room. Its reception answers minutes later."""

    trip_id: UUID
    city: str
    nights: int


class RoomRequestWithdrawn(Reply):
    """The hotel keeps no room for this trip."""


class WithdrawRoomRequest(Command[RoomRequestWithdrawn, Never]):
    """The compensation of `RequestRoom`."""

    trip_id: UUID
