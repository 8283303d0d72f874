"""Once per (saga, step, direction), and never after its own compensation."""

from uuid import UUID

from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.messages import Reply
from travel.contracts.flight import FlightCancelled, Seated

DO = EffectKey(UUID(int=1), "book_flight", "forward")
UNDO = EffectKey(UUID(int=1), "book_flight", "compensation")


def never() -> Reply:
    raise AssertionError("the handler was called")


def test_a_command_seen_for_the_first_time_is_handled() -> None:
    assert deduplicate(DO, {}, Seated) == {DO: Seated()}


def test_a_command_seen_before_is_not_handled_again() -> None:
    assert deduplicate(DO, {DO: Seated()}, never) == {}


def test_a_compensation_of_a_done_action_takes_its_own_place_only() -> None:
    assert deduplicate(UNDO, {DO: Seated()}, FlightCancelled) == {UNDO: FlightCancelled()}


def test_a_compensation_that_comes_first_takes_the_action_s_place_too() -> None:
    assert deduplicate(UNDO, {}, FlightCancelled) == {UNDO: FlightCancelled(), DO: Abandoned()}


def test_an_action_after_its_compensation_is_not_handled() -> None:
    known = deduplicate(UNDO, {}, FlightCancelled)
    assert deduplicate(DO, known, never) == {}


def test_a_compensation_of_a_deferred_reply_takes_the_action_s_place_too() -> None:
    assert deduplicate(UNDO, {DO: Accepted()}, FlightCancelled) == {UNDO: FlightCancelled(), DO: Abandoned()}
