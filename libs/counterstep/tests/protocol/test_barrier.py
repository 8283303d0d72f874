"""Once per (saga, step, direction), and never after its own compensation."""

from uuid import UUID

from contracts.inventory import StockReleased, StockReserved
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.messages import Reply

DO = EffectKey(UUID(int=1), "reserve_stock", "forward")
UNDO = EffectKey(UUID(int=1), "reserve_stock", "compensation")


def never() -> Reply:
    raise AssertionError("the handler was called")


def test_a_command_seen_for_the_first_time_is_handled() -> None:
    assert deduplicate(DO, {}, StockReserved) == {DO: StockReserved()}


def test_a_command_seen_before_is_not_handled_again() -> None:
    assert deduplicate(DO, {DO: StockReserved()}, never) == {}


def test_a_compensation_of_what_was_done_takes_its_own_place_only() -> None:
    assert deduplicate(UNDO, {DO: StockReserved()}, StockReleased) == {UNDO: StockReleased()}


def test_a_compensation_that_comes_first_takes_the_action_s_place_too() -> None:
    assert deduplicate(UNDO, {}, StockReleased) == {UNDO: StockReleased(), DO: Abandoned()}


def test_an_action_after_its_compensation_is_not_handled() -> None:
    known = deduplicate(UNDO, {}, StockReleased)
    assert deduplicate(DO, known, never) == {}


def test_a_compensation_of_what_waits_for_a_decision_takes_the_action_s_place_too() -> None:
    assert deduplicate(UNDO, {DO: Accepted()}, StockReleased) == {UNDO: StockReleased(), DO: Abandoned()}
