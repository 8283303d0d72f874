from datetime import timedelta

from booking import BOOK_TRIP
from saga import Ask, patience


def test_a_first_attempt_may_last_as_long_as_its_step_says() -> None:
    assert patience(BOOK_TRIP, Ask("book_hotel", "forward")) == timedelta(seconds=5)


def test_a_compensation_has_a_patience_of_its_own() -> None:
    assert patience(BOOK_TRIP, Ask("book_hotel", "compensation")) == timedelta(seconds=5)


def test_patience_doubles_with_each_attempt_up_to_five_minutes() -> None:
    assert patience(BOOK_TRIP, Ask("take_money", "forward", 3)) == timedelta(minutes=2)
    assert patience(BOOK_TRIP, Ask("take_money", "forward", 40)) == timedelta(minutes=5)
