"""A definition as data holds everything that an instance depends on."""

import json
from dataclasses import replace
from datetime import timedelta

from counterstep.saga.description import describe
from travel.contracts.trip import TripCalledOff
from travel.sagas import BOOK_TRIP

DESCRIPTION = describe(BOOK_TRIP)


def test_a_description_is_json() -> None:
    assert json.loads(json.dumps(DESCRIPTION)) == DESCRIPTION


def test_stages_are_in_the_order_in_which_they_are_entered() -> None:
    assert DESCRIPTION["stages"] == [
        ["check_visa"],
        ["book_hotel", "book_flight"],
        ["take_money"],
        ["send_tickets"],
    ]
    assert (DESCRIPTION["pivot"], DESCRIPTION["retriable"]) == ("take_money", ["send_tickets"])


def test_a_step_has_its_command_its_compensation_and_its_timeout() -> None:
    assert DESCRIPTION["steps"]["check_visa"] == {
        "command": "trip.check_visa.v1",
        "undo": "trip.forget_visa.v1",
        "within": 30.0,
        "retry": 1,
        "conditional": True,
        "inputs": [],
    }


def test_a_step_names_the_steps_whose_replies_it_takes() -> None:
    assert DESCRIPTION["steps"]["take_money"]["inputs"] == ["book_hotel"]


def test_the_start_event_the_cancellation_and_the_saga_s_compensation_are_named_as_on_the_wire() -> None:
    cancellable = describe(replace(BOOK_TRIP, cancelled_by=TripCalledOff))
    assert cancellable["starts_on"] == "trip.trip_wanted"
    assert cancellable["cancelled_by"] == "trip.trip_called_off"
    assert (DESCRIPTION["cancelled_by"], DESCRIPTION["undo"]) == (None, "trip.turn_down.v1")


def test_definitions_with_different_timeouts_have_different_descriptions() -> None:
    assert describe(replace(BOOK_TRIP, undo_within=timedelta(seconds=6))) != DESCRIPTION
