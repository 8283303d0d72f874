"""A trip as the agency sees it."""

from typing import Literal
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field, SQLModel


class Trip(SQLModel, table=True):
    """A trip that a traveller booked, with its state."""

    __tablename__ = "trips"

    trip_id: UUID = Field(primary_key=True)
    saga_id: UUID
    traveller: str
    city: str
    nights: int
    status: Literal["requested", "confirmed", "rejected"] = Field(default="requested", sa_type=String)
    reason: str | None = None
