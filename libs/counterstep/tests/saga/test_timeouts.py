from datetime import timedelta

from counterstep.saga.attempt import Attempt
from counterstep.saga.timeouts import timeout_of
from travel.sagas import BOOK_TRIP


def test_the_timeout_of_a_first_attempt_is_its_step_s_own() -> None:
    assert timeout_of(BOOK_TRIP, Attempt("book_hotel", "forward")) == timedelta(seconds=5)


def test_compensations_have_a_timeout_of_their_own() -> None:
    assert timeout_of(BOOK_TRIP, Attempt("book_hotel", "compensation")) == timedelta(seconds=5)


def test_timeouts_double_with_each_attempt_up_to_five_minutes() -> None:
    assert timeout_of(BOOK_TRIP, Attempt("take_money", "forward", 3)) == timedelta(minutes=2)
    assert timeout_of(BOOK_TRIP, Attempt("take_money", "forward", 40)) == timedelta(minutes=5)
