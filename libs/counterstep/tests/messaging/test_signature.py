"""A handler's signature says what it is given, by type."""

from uuid import UUID

import pytest
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.participant.signature import Handler
from counterstep.protocol.messages import Reply
from sqlmodel import Field, SQLModel
from travel.contracts.hotel import BookHotel, CancelHotel, HotelCancelled, Night


class Stay(SQLModel, table=True):
    trip: str = Field(primary_key=True)


class Room(SQLModel, table=True):
    kind: str = Field(primary_key=True)


class Parcel(SQLModel, table=True):
    parcel_id: UUID = Field(primary_key=True)


CANCEL = CancelHotel(trip="rome")


def answered(*_: object) -> Reply:
    """What every handler here answers; only their signatures are read."""
    return HotelCancelled()


def test_a_row_is_named_by_the_command_s_field_of_its_primary_key_s_name() -> None:
    def cancel(stay: Stay | None) -> Reply:
        return answered(stay)

    (stay,) = Handler.of(cancel, CancelHotel).rows
    assert (stay.row_class, stay.keys(CANCEL), stay.required) == (Stay, ["rome"], False)


def test_rows_are_named_by_the_items_of_the_command() -> None:
    def book(rooms: dict[str, Room]) -> Reply:
        return answered(rooms)

    (rooms,) = Handler.of(book, BookHotel).rows
    nights = (Night(kind="single", guests=1), Night(kind="double", guests=2))
    assert rooms.many
    assert rooms.keys(BookHotel(trip="rome", nights=nights)) == ["single", "double"]


def test_a_row_without_an_alternative_must_exist() -> None:
    def cancel(stay: Stay) -> Reply:
        return answered(stay)

    assert Handler.of(cancel, CancelHotel).rows[0].required


def test_what_a_handler_is_given_stands_in_any_order() -> None:
    def cancel(stay: Stay, token: Token, command: CancelHotel) -> Reply:
        return answered(stay, token, command)

    handler = Handler.of(cancel, CancelHotel)
    assert (handler.commands, handler.tokens) == (("command",), ("token",))
    assert [row.name for row in handler.rows] == ["stay"]


def test_a_handler_leaves_out_what_it_does_not_need() -> None:
    def cancel() -> Reply:
        return answered()

    handler = Handler.of(cancel, CancelHotel)
    assert (handler.commands, handler.tokens, handler.rows) == ((), (), ())


def test_a_row_that_the_command_does_not_name_is_refused_when_the_handler_is_registered() -> None:
    def cancel(parcel: Parcel | None) -> Reply:
        return answered(parcel)

    with pytest.raises(TypeError, match="CancelHotel names no 'parcel_id'"):
        Handler.of(cancel, CancelHotel)


def test_what_is_no_row_is_refused_when_the_handler_is_registered() -> None:
    def cancel(mood: int) -> Reply:
        return answered(mood)

    with pytest.raises(TypeError, match="mood: <class 'int'> cannot be given to a handler of CancelHotel"):
        Handler.of(cancel, CancelHotel)


def test_another_command_is_refused_when_the_handler_is_registered() -> None:
    def cancel(command: BookHotel) -> Reply:
        return answered(command)

    with pytest.raises(TypeError, match="a parameter is the `CancelHotel`"):
        Handler.of(cancel, CancelHotel)


def test_a_parameter_without_a_type_is_refused_when_the_handler_is_registered() -> None:
    with pytest.raises(TypeError, match="command: None cannot be given"):
        Handler.of(lambda command: command.reply, CancelHotel)
