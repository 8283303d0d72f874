from datetime import timedelta

from counterstep.saga.attempt import Attempt
from counterstep.saga.timeouts import timeout_of as patience
from travel.sagas import BOOK_TRIP


def test_a_first_attempt_may_last_as_long_as_its_step_says() -> None:
    assert patience(BOOK_TRIP, Attempt("book_hotel", "forward")) == timedelta(seconds=5)


def test_a_compensation_has_a_patience_of_its_own() -> None:
    assert patience(BOOK_TRIP, Attempt("book_hotel", "compensation")) == timedelta(seconds=5)


def test_patience_doubles_with_each_attempt_up_to_five_minutes() -> None:
    assert patience(BOOK_TRIP, Attempt("take_money", "forward", 3)) == timedelta(minutes=2)
    assert patience(BOOK_TRIP, Attempt("take_money", "forward", 40)) == timedelta(minutes=5)
