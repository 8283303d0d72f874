"""The proof of a wrong definition prints the shortest way to harm, in plain words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from counterstep.saga.definition import Saga
from counterstep.saga.proof import HarmError, prove
from counterstep.saga.steps import Stage, Step, step
from travel.contracts.hotel import BookHotel, CancelHotel, CheckHotel
from travel.contracts.trip import TripWanted
from travel.sagas import (
    BOOK_TRIP,
    FAR,
    WANTED,
    book_flight,
    book_hotel,
    cancel_flight,
    cancel_hotel,
    is_far,
    send_tickets,
    take_money,
)


def harm(saga: Saga[Any]) -> list[str]:
    with pytest.raises(HarmError) as found:
        prove(saga, attempts=1, seconds=120)
    return str(found.value).splitlines()


def test_an_undo_that_another_service_handles_leaves_the_step_in_effect() -> None:
    wrong = replace(BOOK_TRIP, compensatable=(step(book_hotel, undo=cancel_flight),))
    assert harm(wrong) == [
        "book_trip, 1 attempt, 0 stalled:",
        "broken: A compensated instance holds nothing any more.",
        "  1. the orchestrator handles the start event → book_hotel #1; the instance is running",
        "  2. the orchestrator handles a cancellation → the undo of book_hotel #1; the instance is compensating",
        "  3. hotel handles book_hotel #1 → the success of book_hotel #1",
        "  4. flight handles the undo of book_hotel #1 → the success of the undo of book_hotel #1",
        (
            "  5. the orchestrator handles the success of the undo of book_hotel #1"
            " → the undo of book_trip #1; the instance is compensating"
        ),
        "  6. trip handles the undo of book_trip #1 → the success of the undo of book_trip #1",
        "  7. the orchestrator handles the success of the undo of book_trip #1 → the instance is compensated",
        "     then the instance is compensated",
        "     what book_hotel did is still in effect",
        (
            "     why: the undo of book_hotel is CancelFlight, a command of flight;"
            " what book_hotel did is with hotel"
        ),
    ]


def test_a_step_before_the_pivot_without_an_undo_stays_in_effect() -> None:
    wrong = replace(BOOK_TRIP, compensatable=(Stage((Step(book_hotel),)),))
    assert harm(wrong)[-3:] == [
        "     then the instance is compensated",
        "     what book_hotel did is still in effect",
        "     why: book_hotel has no undo",
    ]


def check_hotel(_: TripWanted) -> CheckHotel:
    return CheckHotel()


def book_suite(wanted: TripWanted) -> BookHotel:
    return BookHotel(trip=wanted.trip)


def test_an_undo_that_books_again_takes_nothing_back() -> None:
    again: Callable[[TripWanted], Any] = book_suite
    wrong = replace(BOOK_TRIP, compensatable=(step(book_hotel, undo=again),))
    assert harm(wrong)[-1] == (
        "     why: the undo of book_hotel is BookHotel, which does book_hotel instead of taking something back"
    )


def test_a_pivot_that_is_too_early_leaves_a_step_after_it_that_may_be_refused() -> None:
    after: Callable[..., Any] = take_money
    wrong = replace(
        BOOK_TRIP,
        compensatable=(step(book_hotel, undo=cancel_hotel),),
        pivot=book_flight,
        retriable=(after, send_tickets),
    )
    assert harm(wrong)[-6:] == [
        "  6. bank handles take_money #1 → the refusal of take_money #1",
        "     then the instance is running",
        "     what book_hotel did is still in effect",
        "     what book_flight did is still in effect",
        "     take_money was refused",
        (
            "     why: take_money comes after the pivot book_flight, and its command TakeMoney may be"
            " refused: the pivot is too early"
        ),
    ]


def test_a_step_that_takes_the_reply_of_one_that_may_be_left_out_cannot_be_sent() -> None:
    wrong = replace(BOOK_TRIP, compensatable=(step(book_hotel, undo=cancel_hotel, when=is_far),))
    assert harm(wrong) == [
        "book_trip without book_hotel, 1 attempt, 0 stalled:",
        "broken: A step is sent only where all steps whose replies it takes were done before it.",
        "  1. the orchestrator handles the start event → take_money #1; the instance is running",
        "     then the instance is running",
        (
            "     why: take_money takes the reply of book_hotel, which is left out where is_far says"
            " no: give both the same `when`, or let take_money do without this reply"
        ),
    ]


def cancel_again(wanted: TripWanted) -> CancelHotel:
    return CancelHotel(trip=wanted.trip)


def test_an_undo_that_belongs_to_another_step_takes_nothing_back() -> None:
    shared = (step(book_hotel, undo=cancel_hotel), step(check_hotel, undo=cancel_again))
    assert harm(replace(BOOK_TRIP, compensatable=shared))[-1] == (
        "     why: the undo of check_hotel is CancelHotel, which takes back book_hotel: give check_hotel its own"
    )


def test_a_right_definition_does_no_harm_and_the_proof_says_how_far_it_looked() -> None:
    proof = prove(BOOK_TRIP, attempts=1, seconds=120)
    assert proof.is_complete
    assert "every state with up to 1 attempt and 1 stalled transaction" in str(proof)


def test_a_search_that_ran_out_of_time_says_what_it_did_not_finish() -> None:
    proof = prove(BOOK_TRIP, seconds=0)
    assert not proof.is_complete
    assert "bounded: the time limit came first" in str(proof)
    assert "not finished: book_trip, 1 attempt, 0 stalled" in str(proof)


def test_only_the_combinations_that_the_given_start_events_lead_to_are_played() -> None:
    wrong = replace(BOOK_TRIP, compensatable=(step(book_hotel, undo=cancel_hotel, when=is_far),))
    assert prove(wrong, starts=[FAR], attempts=1, seconds=120).is_complete
    with pytest.raises(HarmError, match="without book_hotel"):
        prove(wrong, starts=[FAR, WANTED], attempts=1)
