"""Once per (saga, step, direction), and never after its own compensation."""

from uuid import UUID

from contracts.base import Reply
from contracts.inventory import StockReleased, StockReserved
from contracts.protocol import Abandoned, Accepted
from messaging.barrier import Key, settle

DO = Key(UUID(int=1), "reserve_stock", "forward")
UNDO = Key(UUID(int=1), "reserve_stock", "compensation")


def never() -> Reply:
    raise AssertionError("the handler was called")


def test_a_command_seen_for_the_first_time_is_handled() -> None:
    assert settle(DO, {}, StockReserved) == {DO: StockReserved()}


def test_a_command_seen_before_is_not_handled_again() -> None:
    assert settle(DO, {DO: StockReserved()}, never) == {}


def test_a_compensation_of_what_was_done_takes_its_own_place_only() -> None:
    assert settle(UNDO, {DO: StockReserved()}, StockReleased) == {UNDO: StockReleased()}


def test_a_compensation_that_comes_first_takes_the_action_s_place_too() -> None:
    assert settle(UNDO, {}, StockReleased) == {UNDO: StockReleased(), DO: Abandoned()}


def test_an_action_after_its_compensation_is_not_handled() -> None:
    known = settle(UNDO, {}, StockReleased)
    assert settle(DO, known, never) == {}


def test_a_compensation_of_what_waits_for_a_decision_takes_the_action_s_place_too() -> None:
    assert settle(UNDO, {DO: Accepted()}, StockReleased) == {UNDO: StockReleased(), DO: Abandoned()}
