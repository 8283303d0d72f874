"""A definition as data says all that a run depends on."""

import json
from dataclasses import replace

from counterstep.saga.description import describe
from counterstep.saga.steps import seconds
from travel.contracts.trip import TripCalledOff
from travel.sagas import BOOK_TRIP

DESCRIPTION = describe(BOOK_TRIP)


def test_a_description_is_json() -> None:
    assert json.loads(json.dumps(DESCRIPTION)) == DESCRIPTION


def test_stages_stand_in_the_order_in_which_they_are_entered() -> None:
    assert DESCRIPTION["stages"] == [
        ["check_visa"],
        ["book_hotel", "book_flight"],
        ["take_money"],
        ["send_tickets"],
    ]
    assert (DESCRIPTION["pivot"], DESCRIPTION["retriable"]) == ("take_money", ["send_tickets"])


def test_a_step_says_what_it_asks_for_how_it_is_undone_and_how_long_it_may_take() -> None:
    assert DESCRIPTION["steps"]["check_visa"] == {
        "command": "trip.check_visa.v1",
        "undo": "trip.forget_visa.v1",
        "within": 30.0,
        "retry": 1,
        "conditional": True,
        "inputs": [],
    }


def test_a_step_says_whose_reply_it_is_given() -> None:
    assert DESCRIPTION["steps"]["take_money"]["inputs"] == ["book_hotel"]


def test_what_starts_calls_back_and_undoes_the_whole_saga_is_named_as_on_the_wire() -> None:
    callable_back = describe(replace(BOOK_TRIP, cancelled_by=TripCalledOff))
    assert callable_back["starts_on"] == "trip.trip_wanted"
    assert callable_back["cancelled_by"] == "trip.trip_called_off"
    assert (DESCRIPTION["cancelled_by"], DESCRIPTION["undo"]) == (None, "trip.turn_down.v1")


def test_a_description_tells_another_patience_apart() -> None:
    assert describe(replace(BOOK_TRIP, undo_within=seconds(6))) != DESCRIPTION
