"""What follows from each input."""

from dataclasses import replace

import pytest
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for
from counterstep.saga.engine import advance, begin
from counterstep.saga.instance import Instance, Phase, Status
from counterstep.saga.steps import parallel
from counterstep.saga.transition import (
    Cancelled,
    HistoryEvent,
    Input,
    Refused,
    ResendRequested,
    Succeeded,
    TimedOut,
    Transition,
)
from travel.contracts.bank import TakeMoney
from travel.contracts.hotel import Booked
from travel.contracts.trip import SendTickets, TripWanted, TurnDown
from travel.sagas import BOOK_TRIP, FAR, WANTED, send_tickets

HOTEL = Attempt("book_hotel", "forward")
FLIGHT = Attempt("book_flight", "forward")
MONEY = Attempt("take_money", "forward")
TICKETS = Attempt("send_tickets", "forward")
NO_HOTEL = Attempt("book_hotel", "compensation")
NO_FLIGHT = Attempt("book_flight", "compensation")
NO_TRIP = Attempt("book_trip", "compensation")


def thank_traveller(wanted: TripWanted) -> SendTickets:
    return send_tickets(wanted)


THANKFUL = replace(BOOK_TRIP, retriable=(parallel(send_tickets, thank_traveller),))
THANKS = Attempt("thank_traveller", "forward")
THANKFUL_BEGUN = begin(THANKFUL, skipped=THANKFUL.skipped(WANTED))


def after(*inputs: Input) -> Transition:
    """The transition that the last input led to."""
    transition = begin(BOOK_TRIP, skipped=BOOK_TRIP.skipped(WANTED))
    for each in inputs:
        transition = advance(BOOK_TRIP, transition.instance, each)
    return transition


def events(transition: Transition) -> list[HistoryEvent]:
    return [entry.event for entry in transition.entries]


def booked() -> tuple[Input, ...]:
    return Succeeded(HOTEL), Succeeded(FLIGHT)


def test_parallel_steps_are_sent_at_once() -> None:
    assert after().attempts == (HOTEL, FLIGHT)


def test_the_next_stage_waits_for_all_parallel_steps() -> None:
    assert after(Succeeded(FLIGHT)).attempts == ()
    assert after(Succeeded(FLIGHT), Succeeded(HOTEL)).attempts == (MONEY,)


def test_a_refusal_waits_for_the_parallel_steps_before_anything_is_compensated() -> None:
    refused = after(Refused(HOTEL, "full"))
    assert refused.attempts == ()
    assert refused.instance.status(BOOK_TRIP) is Status.COMPENSATING


def test_only_what_succeeded_is_compensated_after_a_refusal() -> None:
    assert after(Refused(HOTEL, "full"), Succeeded(FLIGHT)).attempts == (NO_FLIGHT,)
    assert after(Refused(HOTEL, "full"), Refused(FLIGHT, "full")).attempts == (NO_TRIP,)


def test_the_first_reason_to_abort_stands() -> None:
    assert after(Refused(HOTEL, "no room"), Refused(FLIGHT, "no seat")).instance.abort == Abort(
        AbortCause.REFUSED, "no room"
    )


def test_a_step_that_times_out_before_the_pivot_is_in_doubt_and_compensated_too() -> None:
    transition = after(Succeeded(HOTEL), TimedOut(FLIGHT))
    assert transition.attempts == (NO_FLIGHT, NO_HOTEL)
    assert transition.instance.phase("book_flight") is Phase.COMPENSATING


def test_from_the_pivot_on_a_timeout_is_a_resend_and_never_a_compensation() -> None:
    again = after(*booked(), TimedOut(MONEY))
    assert again.attempts == (Attempt("take_money", "forward", 2),)
    last = advance(BOOK_TRIP, after(*booked(), Succeeded(MONEY)).instance, TimedOut(TICKETS))
    assert last.attempts == (Attempt("send_tickets", "forward", 2),)


def test_a_compensation_that_times_out_is_resent() -> None:
    back = after(Refused(HOTEL, "full"), Succeeded(FLIGHT))
    assert (
        Attempt("book_flight", "compensation", 2)
        in advance(BOOK_TRIP, back.instance, TimedOut(NO_FLIGHT)).attempts
    )


def test_a_compensation_that_times_out_does_not_block_the_others() -> None:
    back = after(Refused(HOTEL, "full"), Succeeded(FLIGHT), TimedOut(NO_FLIGHT))
    assert back.attempts == (Attempt("book_flight", "compensation", 2), NO_TRIP)
    further_back = advance(BOOK_TRIP, back.instance, Succeeded(NO_TRIP))
    assert further_back.instance.status(BOOK_TRIP) is Status.COMPENSATING
    end = advance(BOOK_TRIP, further_back.instance, Succeeded(Attempt("book_flight", "compensation", 2)))
    assert end.instance.status(BOOK_TRIP) is Status.COMPENSATED


def test_a_refused_pivot_is_not_compensated_and_everything_before_it_is() -> None:
    assert after(*booked(), Refused(MONEY, "broke")).attempts == (NO_FLIGHT, NO_HOTEL)


def test_a_reply_to_an_older_attempt_is_entered_in_the_history_and_changes_nothing() -> None:
    again = after(*booked(), TimedOut(MONEY))
    late = advance(BOOK_TRIP, again.instance, Succeeded(MONEY))
    assert (late.instance, late.attempts, events(late)) == (again.instance, (), [HistoryEvent.IGNORED])


def test_a_late_success_changes_nothing_as_the_compensation_is_already_sent() -> None:
    doubtful = after(Succeeded(HOTEL), TimedOut(FLIGHT))
    late = advance(BOOK_TRIP, doubtful.instance, Succeeded(FLIGHT))
    assert (late.instance, events(late)) == (doubtful.instance, [HistoryEvent.IGNORED])


def test_a_reply_of_a_step_never_begun_is_entered_in_the_history_and_changes_nothing() -> None:
    early = after(Succeeded(TICKETS))
    assert (early.attempts, events(early)) == ((), [HistoryEvent.IGNORED])


def test_a_refusal_of_an_infallible_step_changes_nothing() -> None:
    paid = after(*booked(), Succeeded(MONEY))
    refused = advance(BOOK_TRIP, paid.instance, Refused(TICKETS, "no paper"))
    assert (refused.instance, refused.attempts) == (paid.instance, ())


def test_a_timeout_after_the_reply_is_not_even_entered_in_the_history() -> None:
    assert after(Succeeded(HOTEL), TimedOut(HOTEL)).entries == ()


def test_the_saga_s_own_compensation_comes_last_and_receives_the_reason() -> None:
    back = after(Refused(HOTEL, "no room"), Succeeded(FLIGHT), Succeeded(NO_FLIGHT))
    assert back.attempts == (NO_TRIP,)
    assert command_for(BOOK_TRIP, WANTED, back.instance, NO_TRIP, {}) == TurnDown(reason="no room")


def test_the_end_is_entered_once() -> None:
    done = after(*booked(), Succeeded(MONEY), Succeeded(TICKETS))
    assert events(done) == [HistoryEvent.SUCCEEDED, HistoryEvent.COMPLETED]
    undone = after(Refused(HOTEL, "full"), Refused(FLIGHT, "full"), Succeeded(NO_TRIP))
    assert events(undone) == [HistoryEvent.SUCCEEDED, HistoryEvent.COMPENSATED]


def test_a_step_that_must_succeed_and_does_not_needs_attention_and_is_retried_all_the_same() -> None:
    transition = after(*booked())
    for attempt in range(1, 5):
        transition = advance(BOOK_TRIP, transition.instance, TimedOut(Attempt("take_money", "forward", attempt)))
    assert transition.instance.status(BOOK_TRIP) is Status.NEEDS_ATTENTION
    assert transition.attempts == (Attempt("take_money", "forward", 5),)


def test_an_instance_that_has_begun_nothing_is_running() -> None:
    assert Instance().status(BOOK_TRIP) is Status.RUNNING


def test_a_skipped_step_is_neither_sent_nor_compensated() -> None:
    assert BOOK_TRIP.skipped(WANTED) == ["check_visa"]
    assert after(*booked()).attempts == (MONEY,)
    assert after(Refused(HOTEL, "full"), Refused(FLIGHT, "full")).attempts == (NO_TRIP,)


def test_a_step_is_resent_as_often_as_its_retry_says_before_it_is_in_doubt() -> None:
    far = begin(BOOK_TRIP, skipped=BOOK_TRIP.skipped(FAR))
    again = advance(BOOK_TRIP, far.instance, TimedOut(Attempt("check_visa", "forward")))
    assert again.attempts == (Attempt("check_visa", "forward", 2),)
    doubtful = advance(BOOK_TRIP, again.instance, TimedOut(Attempt("check_visa", "forward", 2)))
    assert doubtful.attempts == (Attempt("check_visa", "compensation"),)


def test_a_later_step_receives_the_reply_that_it_takes() -> None:
    paying = after(*booked())
    replies = {"book_hotel": Booked(room=42)}
    assert command_for(BOOK_TRIP, WANTED, paying.instance, MONEY, replies) == TakeMoney(room=42)


def test_an_instance_can_be_cancelled_until_its_pivot_is_sent() -> None:
    back = after(Succeeded(HOTEL), Cancelled("changed my mind"))
    assert events(back)[0] is HistoryEvent.ABORTED
    assert back.instance.abort == Abort(AbortCause.CANCELLED, "changed my mind")


def test_a_cancelled_instance_waits_for_no_reply_and_compensates_what_it_sent() -> None:
    assert after(Succeeded(HOTEL), Cancelled("changed my mind")).attempts == (NO_FLIGHT, NO_HOTEL)


@pytest.mark.parametrize("further", [(), (Succeeded(MONEY),), (Succeeded(MONEY), Succeeded(TICKETS))])
def test_from_the_pivot_on_an_instance_cannot_be_cancelled(further: tuple[Input, ...]) -> None:
    before = after(*booked(), *further)
    late = advance(BOOK_TRIP, before.instance, Cancelled("changed my mind"))
    assert (late.instance, late.attempts, events(late)) == (before.instance, (), [HistoryEvent.IGNORED])


def test_a_resend_sends_every_pending_command_again() -> None:
    resent = after(Succeeded(HOTEL), ResendRequested("the hotel is back"))
    assert resent.attempts == (Attempt("book_flight", "forward", 2),)
    assert advance(BOOK_TRIP, resent.instance, TimedOut(FLIGHT)).attempts == ()


def test_a_resend_after_the_end_does_nothing() -> None:
    resent = after(*booked(), Succeeded(MONEY), Succeeded(TICKETS), ResendRequested("why not"))
    assert (resent.attempts, events(resent)) == ((), [HistoryEvent.IGNORED])


def test_parallel_steps_after_the_pivot_are_sent_at_once_and_the_instance_ends_with_the_last() -> None:
    paid = THANKFUL_BEGUN
    for each in (*booked(), Succeeded(MONEY)):
        paid = advance(THANKFUL, paid.instance, each)
    assert paid.attempts == (TICKETS, THANKS)
    thanked = advance(THANKFUL, paid.instance, Succeeded(THANKS))
    assert thanked.instance.status(THANKFUL) is Status.RUNNING
    assert advance(THANKFUL, thanked.instance, Succeeded(TICKETS)).instance.status(THANKFUL) is Status.COMPLETED


def test_a_parallel_step_after_the_pivot_that_times_out_is_resent_alone() -> None:
    paid = THANKFUL_BEGUN
    for each in (*booked(), Succeeded(MONEY), Succeeded(TICKETS)):
        paid = advance(THANKFUL, paid.instance, each)
    assert advance(THANKFUL, paid.instance, TimedOut(THANKS)).attempts == (
        Attempt("thank_traveller", "forward", 2),
    )
    refused = advance(THANKFUL, paid.instance, Refused(THANKS, "no"))
    assert (refused.instance, refused.attempts) == (paid.instance, ())
