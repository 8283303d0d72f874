"""Offers, bookings, and requests that a hotel decides."""

from typing import Literal
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field, SQLModel


class Offer(SQLModel, table=True):
    """How many are left of something, such as "flight to Lisbon"."""

    __tablename__ = "offers"

    offer: str = Field(primary_key=True)
    available: int


class Booking(SQLModel, table=True):
    """One of an offer, for one trip."""

    __tablename__ = "bookings"

    booking_id: UUID = Field(primary_key=True)
    offer: str
    cancelled: bool = False


class RoomRequest(SQLModel, table=True):
    """What a hotel is asked. `token` names the reply that the saga waits for."""

    __tablename__ = "room_requests"

    trip_id: UUID = Field(primary_key=True)
    token: str
    city: str
    nights: int
    status: Literal["open", "confirmed", "declined", "withdrawn"] = Field(default="open", sa_type=String)
