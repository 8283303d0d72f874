"""Who answers each command of a saga, and with which replies."""

from dataclasses import replace
from typing import Any

import pytest
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.messages import Reply
from counterstep.saga.answering import Answering
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from travel.contracts.bank import MoneyTaken, NoMoney
from travel.contracts.flight import FlightCancelled, Seated, SoldOut
from travel.contracts.hotel import Booked, Full, HotelCancelled, HotelChecked
from travel.contracts.trip import TicketsSent, TurnedDown
from travel.sagas import BOOK_TRIP

HOTEL, NO_HOTEL = Attempt("book_hotel", "forward"), Attempt("book_hotel", "compensation")
MONEY, TICKETS = Attempt("take_money", "forward"), Attempt("send_tickets", "forward")
TURN_DOWN = Attempt("book_trip", "compensation")

EVERY_REPLY: set[type[Reply]] = {
    *(Abandoned, Accepted, Booked, Full, HotelCancelled, HotelChecked, Seated, SoldOut, FlightCancelled),
    *(MoneyTaken, NoMoney, TicketsSent, TurnedDown),
}


def objection(attempt: Attempt, sender: str | None, reply: type[Reply], saga: Saga[Any] = BOOK_TRIP) -> str | None:
    return Answering(saga).objection(attempt, reply, sender, itself="orchestrator")


@pytest.mark.parametrize(
    ("attempt", "owner", "replies"),
    [
        (HOTEL, "hotel", {Booked, Full, Abandoned}),
        (NO_HOTEL, "hotel", {HotelCancelled}),
        (Attempt("book_flight", "forward"), "flight", {Seated, SoldOut, Abandoned}),
        (Attempt("book_flight", "compensation"), "flight", {FlightCancelled}),
        (MONEY, "bank", {MoneyTaken, NoMoney}),
        (TICKETS, "trip", {TicketsSent}),
        (TURN_DOWN, "trip", {TurnedDown}),
    ],
)
def test_the_owner_of_the_command_answers_with_what_it_declares(
    attempt: Attempt, owner: str, replies: set[type[Reply]]
) -> None:
    assert {reply for reply in EVERY_REPLY if objection(attempt, owner, reply) is None} == replies


@pytest.mark.parametrize("sender", ["hotel", "flight", "trip", "admin", "", None])
def test_nobody_else_answers(sender: str | None) -> None:
    assert objection(MONEY, sender, MoneyTaken) == (
        f"{sender} answered the forward command of take_money, which bank was sent"
    )


def test_the_replies_that_the_command_declares_are_named() -> None:
    assert objection(MONEY, "bank", Booked) == (
        "bank answered the forward command of take_money with hotel.booked.v1;"
        " it declares bank.money_taken.v1, bank.no_money.v1"
    )


@pytest.mark.parametrize(
    "strange",
    [
        Attempt("take_money", "compensation"),
        Attempt("send_tickets", "compensation"),
        Attempt("book_trip", "forward"),
        Attempt("rob_bank", "forward"),
        Attempt("", "compensation"),
    ],
)
def test_a_command_that_the_saga_does_not_have_is_answered_by_nobody(strange: Attempt) -> None:
    assert "which book_trip v1 does not have" in (objection(strange, "bank", MoneyTaken) or "")


def test_the_orchestrator_believes_what_it_has_sent_to_itself_about_a_command_that_it_has_sent() -> None:
    assert objection(MONEY, "orchestrator", MoneyTaken) is None
    assert objection(MONEY, "orchestrator", Booked)
    assert objection(Attempt("take_money", "compensation"), "orchestrator", MoneyTaken)


def test_a_late_reply_to_an_earlier_attempt_is_its_owner_s_to_give() -> None:
    assert objection(replace(MONEY, number=7), "bank", MoneyTaken) is None
