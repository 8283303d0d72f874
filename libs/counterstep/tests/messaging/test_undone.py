"""What a handler has changed before it raises is undone, and a text that no database stores is no message."""

from typing import Any

import pytest
from counterstep.messaging.participant.rows import Rows
from counterstep.messaging.participant.signature import Handler
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError
from envelopes import SAGA
from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel
from travel.contracts.hotel import CancelHotel, HotelCancelled
from travel.topology import TRAVEL


class Suite(SQLModel, table=True):
    """A room of more than one bed."""

    __tablename__ = "suites_of_faulty"

    trip: str = Field(primary_key=True)
    beds: int
    guests: list[str] = Field(sa_column=Column(JSON))


ROME = CancelHotel(trip="rome")


def a_handler(suite: Suite) -> HotelCancelled:
    suite.beds = 0
    return HotelCancelled()


@pytest.fixture
def rows() -> Rows:
    """The rows of a batch of one command, as they were read."""
    handler = Handler.of(a_handler, CancelHotel)
    rows = Rows((each, ROME) for each in handler.rows)
    [reading] = rows.reading()
    reading.then([("rome", 2, ["ada"])])
    return rows


def raising(suite: Any) -> None:
    suite.beds = 0
    suite.guests.append("bob")
    raise RuntimeError("a bug in a handler")


def test_what_a_handler_has_changed_is_undone_where_it_raises(rows: Rows) -> None:
    [parameter] = Handler.of(a_handler, CancelHotel).rows
    with pytest.raises(RuntimeError), rows.undone_if_it_raises([parameter], ROME):
        raising(rows.argument(parameter, ROME))
    after = rows.argument(parameter, ROME)
    assert (after.beds, after.guests) == (2, ["ada"])
    assert not list(rows.writing())


def test_what_it_has_changed_stays_where_it_does_not_raise(rows: Rows) -> None:
    [parameter] = Handler.of(a_handler, CancelHotel).rows
    with rows.undone_if_it_raises([parameter], ROME):
        a_handler(rows.argument(parameter, ROME))
    assert len(list(rows.writing())) == 1


@pytest.mark.parametrize(
    "body", [rb'{"trip": "ro\u0000me"}', rb'{"trip": "\\\u0000"}', rb'{"trip": "\\\\\u0000"}']
)
def test_a_text_with_nul_is_undecodable(body: bytes) -> None:
    with pytest.raises(UndecodableError, match="has NUL"):
        an_envelope(body).open(TRAVEL.contracts)


@pytest.mark.parametrize("body", [rb'{"trip": "\\u0000"}', rb'{"trip": "\u0001"}', rb'{"trip": "u0000"}'])
def test_what_only_looks_like_it_is_read(body: bytes) -> None:
    assert isinstance(an_envelope(body).open(TRAVEL.contracts), CancelHotel)


def an_envelope(body: bytes) -> Envelope:
    return Envelope(saga_id=SAGA, type="hotel.cancel_hotel.v1", exchange="x", routing_key="y", body=body)
