"""Once per (saga, step, direction), and never after its own compensation."""

from uuid import UUID

from contracts.base import Reply
from contracts.payment import PaymentAuthorized, PaymentVoided
from contracts.protocol import Abandoned
from messaging.barrier import Key, settle

DO = Key(UUID(int=1), "authorize_payment", "forward")
UNDO = Key(UUID(int=1), "authorize_payment", "compensation")


def never() -> Reply:
    raise AssertionError("the handler was called")


def test_a_command_seen_for_the_first_time_is_handled() -> None:
    assert settle(DO, {}, PaymentAuthorized) == {DO: PaymentAuthorized()}


def test_a_command_seen_before_is_not_handled_again() -> None:
    assert settle(DO, {DO: PaymentAuthorized()}, never) == {}


def test_a_compensation_of_what_was_done_takes_its_own_place_only() -> None:
    assert settle(UNDO, {DO: PaymentAuthorized()}, PaymentVoided) == {UNDO: PaymentVoided()}


def test_a_compensation_that_comes_first_takes_the_action_s_place_too() -> None:
    assert settle(UNDO, {}, PaymentVoided) == {UNDO: PaymentVoided(), DO: Abandoned()}


def test_an_action_after_its_compensation_is_not_handled() -> None:
    known = settle(UNDO, {}, PaymentVoided)
    assert settle(DO, known, never) == {}
