"""A handler's signature says what it is given."""

from uuid import UUID

import pytest
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.participant.signature import Handler
from sqlmodel import Field, SQLModel
from travel.contracts.hotel import Booked, BookHotel, CancelHotel, HotelCancelled, Night


class Stay(SQLModel, table=True):
    trip: str = Field(primary_key=True)


class Room(SQLModel, table=True):
    kind: str = Field(primary_key=True)


class Parcel(SQLModel, table=True):
    parcel_id: UUID = Field(primary_key=True)


CANCEL = CancelHotel(trip="rome")


def test_a_row_is_named_by_the_command_s_field_of_its_primary_key_s_name() -> None:
    def cancel(_: CancelHotel, stay: Stay | None) -> HotelCancelled:  # noqa: ARG001 - only its signature is read
        return HotelCancelled()

    (stay,) = Handler.of(cancel, CancelHotel).rows
    assert (stay.row_class, stay.keys(CANCEL), stay.required) == (Stay, ["rome"], False)


def test_rows_are_named_by_the_items_of_the_command() -> None:
    def book(_: BookHotel, rooms: dict[str, Room]) -> Booked:  # noqa: ARG001 - as above
        return Booked(room=1)

    (rooms,) = Handler.of(book, BookHotel).rows
    nights = (Night(kind="single", guests=1), Night(kind="double", guests=2))
    assert rooms.many
    assert rooms.keys(BookHotel(trip="rome", nights=nights)) == ["single", "double"]


def test_a_row_without_an_alternative_must_exist() -> None:
    def cancel(_: CancelHotel, stay: Stay) -> HotelCancelled:  # noqa: ARG001 - as above
        return HotelCancelled()

    assert Handler.of(cancel, CancelHotel).rows[0].required


def test_a_handler_may_ask_for_a_token() -> None:
    def cancel(_: CancelHotel, token: Token) -> HotelCancelled:  # noqa: ARG001 - as above
        return HotelCancelled()

    assert Handler.of(cancel, CancelHotel).tokens == ("token",)


def test_a_row_that_the_command_does_not_name_is_refused_when_the_handler_is_registered() -> None:
    def cancel(_: CancelHotel, parcel: Parcel | None) -> HotelCancelled:  # noqa: ARG001 - as above
        return HotelCancelled()

    with pytest.raises(TypeError, match="CancelHotel names no 'parcel_id'"):
        Handler.of(cancel, CancelHotel)


def test_what_is_no_row_is_refused_when_the_handler_is_registered() -> None:
    def cancel(_: CancelHotel, mood: int) -> HotelCancelled:  # noqa: ARG001 - as above
        return HotelCancelled()

    with pytest.raises(TypeError, match="mood: <class 'int'> is no table row"):
        Handler.of(cancel, CancelHotel)
