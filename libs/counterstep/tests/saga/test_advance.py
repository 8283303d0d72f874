"""What follows from each thing heard."""

import pytest
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for as command
from counterstep.saga.engine import advance, begin
from counterstep.saga.instance import Instance, Phase, Status
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
from travel.contracts.trip import TurnDown
from travel.sagas import BOOK_TRIP, FAR, WANTED

HOTEL = Attempt("book_hotel", "forward")
FLIGHT = Attempt("book_flight", "forward")
MONEY = Attempt("take_money", "forward")
TICKETS = Attempt("send_tickets", "forward")
NO_HOTEL = Attempt("book_hotel", "compensation")
NO_FLIGHT = Attempt("book_flight", "compensation")
NO_TRIP = Attempt("book_trip", "compensation")


def after(*heard: Input) -> Transition:
    """What the last thing heard led to."""
    advanced = begin(BOOK_TRIP, skipped=BOOK_TRIP.skipped(WANTED))
    for each in heard:
        advanced = advance(BOOK_TRIP, advanced.run, each)
    return advanced


def events(advanced: Transition) -> list[HistoryEvent]:
    return [note.event for note in advanced.notes]


def booked() -> tuple[Input, ...]:
    return Succeeded(HOTEL), Succeeded(FLIGHT)


def test_steps_that_belong_together_are_asked_for_at_once() -> None:
    assert after().asks == (HOTEL, FLIGHT)


def test_the_next_stage_waits_for_the_whole_group() -> None:
    assert after(Succeeded(FLIGHT)).asks == ()
    assert after(Succeeded(FLIGHT), Succeeded(HOTEL)).asks == (MONEY,)


def test_a_refusal_waits_for_the_others_of_its_group_before_it_turns_back() -> None:
    refused = after(Refused(HOTEL, "full"))
    assert refused.asks == ()
    assert refused.run.status(BOOK_TRIP) is Status.COMPENSATING


def test_only_what_succeeded_is_undone_after_a_refusal() -> None:
    assert after(Refused(HOTEL, "full"), Succeeded(FLIGHT)).asks == (NO_FLIGHT,)
    assert after(Refused(HOTEL, "full"), Refused(FLIGHT, "full")).asks == (NO_TRIP,)


def test_the_first_reason_to_turn_back_stands() -> None:
    assert after(Refused(HOTEL, "no room"), Refused(FLIGHT, "no seat")).run.turn == Abort(
        AbortCause.REFUSED, "no room"
    )


def test_silence_before_the_pivot_is_doubt_and_is_undone_too() -> None:
    advanced = after(Succeeded(HOTEL), TimedOut(FLIGHT))
    assert advanced.asks == (NO_HOTEL, NO_FLIGHT)
    assert advanced.run.phase("book_flight") is Phase.UNDOING


def test_silence_from_the_pivot_on_is_asked_again_and_never_undone() -> None:
    again = after(*booked(), TimedOut(MONEY))
    assert again.asks == (Attempt("take_money", "forward", 2),)
    last = advance(BOOK_TRIP, after(*booked(), Succeeded(MONEY)).run, TimedOut(TICKETS))
    assert last.asks == (Attempt("send_tickets", "forward", 2),)


def test_silence_on_the_way_back_is_asked_again() -> None:
    back = after(Refused(HOTEL, "full"), Succeeded(FLIGHT))
    assert Attempt("book_flight", "compensation", 2) in advance(BOOK_TRIP, back.run, TimedOut(NO_FLIGHT)).asks


def test_a_compensation_that_stays_silent_does_not_hold_up_the_others() -> None:
    back = after(Refused(HOTEL, "full"), Succeeded(FLIGHT), TimedOut(NO_FLIGHT))
    assert back.asks == (Attempt("book_flight", "compensation", 2), NO_TRIP)
    told = advance(BOOK_TRIP, back.run, Succeeded(NO_TRIP))
    assert told.run.status(BOOK_TRIP) is Status.COMPENSATING
    end = advance(BOOK_TRIP, told.run, Succeeded(Attempt("book_flight", "compensation", 2)))
    assert end.run.status(BOOK_TRIP) is Status.COMPENSATED


def test_a_refused_pivot_undoes_everything_and_itself_needs_no_undo() -> None:
    assert after(*booked(), Refused(MONEY, "broke")).asks == (NO_HOTEL, NO_FLIGHT)


def test_an_answer_to_an_older_attempt_is_written_down_and_changes_nothing() -> None:
    again = after(*booked(), TimedOut(MONEY))
    late = advance(BOOK_TRIP, again.run, Succeeded(MONEY))
    assert (late.run, late.asks, events(late)) == (again.run, (), [HistoryEvent.IGNORED])


def test_a_late_success_of_a_step_being_undone_changes_nothing_as_its_undo_is_already_sent() -> None:
    doubtful = after(Succeeded(HOTEL), TimedOut(FLIGHT))
    late = advance(BOOK_TRIP, doubtful.run, Succeeded(FLIGHT))
    assert (late.run, events(late)) == (doubtful.run, [HistoryEvent.IGNORED])


def test_an_answer_to_a_step_never_begun_is_written_down_and_changes_nothing() -> None:
    early = after(Succeeded(TICKETS))
    assert (early.asks, events(early)) == ((), [HistoryEvent.IGNORED])


def test_a_refusal_of_what_cannot_refuse_changes_nothing() -> None:
    paid = after(*booked(), Succeeded(MONEY))
    refused = advance(BOOK_TRIP, paid.run, Refused(TICKETS, "no paper"))
    assert (refused.run, refused.asks) == (paid.run, ())


def test_a_deadline_that_was_met_is_not_even_written_down() -> None:
    assert after(Succeeded(HOTEL), TimedOut(HOTEL)).notes == ()


def test_the_saga_s_own_undo_comes_last_and_is_told_the_reason() -> None:
    back = after(Refused(HOTEL, "no room"), Succeeded(FLIGHT), Succeeded(NO_FLIGHT))
    assert back.asks == (NO_TRIP,)
    assert command(BOOK_TRIP, WANTED, back.run, NO_TRIP, {}) == TurnDown(reason="no room")


def test_the_end_is_written_down_once() -> None:
    done = after(*booked(), Succeeded(MONEY), Succeeded(TICKETS))
    assert events(done) == [HistoryEvent.SUCCEEDED, HistoryEvent.COMPLETED]
    undone = after(Refused(HOTEL, "full"), Refused(FLIGHT, "full"), Succeeded(NO_TRIP))
    assert events(undone) == [HistoryEvent.SUCCEEDED, HistoryEvent.COMPENSATED]


def test_what_must_succeed_and_does_not_is_shown_to_an_operator_and_retried_all_the_same() -> None:
    advanced = after(*booked())
    for attempt in range(1, 5):
        advanced = advance(BOOK_TRIP, advanced.run, TimedOut(Attempt("take_money", "forward", attempt)))
    assert advanced.run.status(BOOK_TRIP) is Status.NEEDS_ATTENTION
    assert advanced.asks == (Attempt("take_money", "forward", 5),)


def test_a_run_that_has_begun_nothing_is_running() -> None:
    assert Instance().status(BOOK_TRIP) is Status.RUNNING


def test_a_step_that_a_run_leaves_out_is_never_asked_for_nor_undone() -> None:
    assert BOOK_TRIP.skipped(WANTED) == ["check_visa"]
    assert after(*booked()).asks == (MONEY,)
    assert after(Refused(HOTEL, "full"), Refused(FLIGHT, "full")).asks == (NO_TRIP,)


def test_a_step_is_asked_for_as_often_as_its_retry_says_before_silence_is_doubt() -> None:
    far = begin(BOOK_TRIP, skipped=BOOK_TRIP.skipped(FAR))
    again = advance(BOOK_TRIP, far.run, TimedOut(Attempt("check_visa", "forward")))
    assert again.asks == (Attempt("check_visa", "forward", 2),)
    doubtful = advance(BOOK_TRIP, again.run, TimedOut(Attempt("check_visa", "forward", 2)))
    assert doubtful.asks == (Attempt("check_visa", "compensation"),)


def test_a_later_step_is_given_the_reply_it_asks_for() -> None:
    paying = after(*booked())
    replies = {"book_hotel": Booked(room=42)}
    assert command(BOOK_TRIP, WANTED, paying.run, MONEY, replies) == TakeMoney(room=42)


def test_a_saga_can_be_called_back_until_its_pivot_is_asked_for() -> None:
    back = after(Succeeded(HOTEL), Cancelled("changed my mind"))
    assert events(back)[0] is HistoryEvent.TURNED_BACK
    assert back.run.turn == Abort(AbortCause.CANCELLED, "changed my mind")


def test_a_saga_that_is_called_back_waits_for_no_answer_and_undoes_what_it_asked_for() -> None:
    assert after(Succeeded(HOTEL), Cancelled("changed my mind")).asks == (NO_HOTEL, NO_FLIGHT)


@pytest.mark.parametrize("further", [(), (Succeeded(MONEY),), (Succeeded(MONEY), Succeeded(TICKETS))])
def test_from_the_pivot_on_nobody_can_call_a_saga_back(further: tuple[Input, ...]) -> None:
    before = after(*booked(), *further)
    late = advance(BOOK_TRIP, before.run, Cancelled("changed my mind"))
    assert (late.run, late.asks, events(late)) == (before.run, (), [HistoryEvent.IGNORED])


def test_a_nudge_asks_again_for_whatever_is_awaited() -> None:
    nudged = after(Succeeded(HOTEL), ResendRequested("the hotel is back"))
    assert nudged.asks == (Attempt("book_flight", "forward", 2),)
    assert advance(BOOK_TRIP, nudged.run, TimedOut(FLIGHT)).asks == ()


def test_a_nudge_of_what_has_ended_does_nothing() -> None:
    nudged = after(*booked(), Succeeded(MONEY), Succeeded(TICKETS), ResendRequested("why not"))
    assert (nudged.asks, events(nudged)) == ((), [HistoryEvent.IGNORED])
