"""What the hotel service can be asked."""

from typing import Annotated, Never

from counterstep.protocol.messages import Command, Refusal, Reply
from counterstep.protocol.refusal_codes import RefusalCode
from pydantic import BaseModel, ConfigDict, Field


class Night(BaseModel):
    """One kind of room, with its number of guests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    guests: Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Booked(Reply):
    room: int


class FullCode(RefusalCode):
    SOLD_OUT = "sold_out"
    CLOSED = "closed"


class Full(Refusal):
    code: FullCode


class HotelCancelled(Reply): ...


class BookHotel(Command[Booked, Full]):
    trip: str
    nights: tuple[Night, ...] = ()


class HotelChecked(Reply): ...


class CheckHotel(Command[HotelChecked, Full]): ...


class CancelHotel(Command[HotelCancelled, Never]):
    trip: str
