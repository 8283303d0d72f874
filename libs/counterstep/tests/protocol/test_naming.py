"""The module is the address."""

from typing import Never

import pytest
from counterstep.protocol.messages import Command
from counterstep.protocol.naming import answers, owner, routing_key, type_name
from pydantic import ValidationError
from travel.contracts.hotel import Booked, BookHotel, CancelHotel, Full, HotelCancelled
from travel.contracts.trip import TripWanted
from travel.topology import TRAVEL


def test_a_message_is_named_after_its_module_and_class() -> None:
    assert owner(BookHotel) == "hotel"
    assert routing_key(BookHotel) == "hotel.book_hotel"
    assert type_name(BookHotel) == "hotel.book_hotel.v1"


def test_every_message_is_found_by_its_name() -> None:
    assert all(type_name(message) == name for name, message in TRAVEL.contracts.catalogue.items())
    assert TRAVEL.contracts.catalogue["trip.trip_wanted.v2"] is TripWanted


def test_the_base_classes_themselves_are_no_messages() -> None:
    assert not [name for name in TRAVEL.contracts.catalogue if name.startswith("base.")]


def test_a_command_declares_its_answers() -> None:
    assert answers(BookHotel) == (Booked, Full)
    success, refusal = answers(CancelHotel)
    assert success is HotelCancelled
    assert str(refusal) == str(Never)


def test_every_command_is_addressed_to_a_service_that_its_module_names() -> None:
    ours = [message for message in TRAVEL.contracts.catalogue.values() if message.__module__.startswith("travel.")]
    commands = [message for message in ours if issubclass(message, Command)]
    assert {owner(command) for command in commands} == set(TRAVEL.participants)


def test_a_command_takes_nothing_that_it_does_not_know_and_a_reply_ignores_it() -> None:
    with pytest.raises(ValidationError):
        CancelHotel.model_validate_json('{"trip": "rome", "mood": "good"}')
    assert HotelCancelled.model_validate_json('{"mood": "good"}') == HotelCancelled()
