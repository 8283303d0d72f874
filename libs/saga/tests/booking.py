"""A small saga to try the engine on: two steps at once, a pivot, and one step that must succeed."""

from typing import Never

from contracts.base import Command, Event, Refusal, Reply
from saga import Saga, seconds, step, together


class TripWanted(Event):
    trip: str


class Booked(Reply): ...


class Full(Refusal): ...


class Cancelled(Reply): ...


class BookHotel(Command[Booked, Full]): ...


class CancelHotel(Command[Cancelled, Never]): ...


class BookFlight(Command[Booked, Full]): ...


class CancelFlight(Command[Cancelled, Never]): ...


class TakeMoney(Command[Booked, Full]): ...


class SendTickets(Command[Booked, Never]): ...


class TurnDown(Command[Cancelled, Never]):
    reason: str


def book_hotel(_: TripWanted) -> BookHotel:
    return BookHotel()


def cancel_hotel(_: TripWanted) -> CancelHotel:
    return CancelHotel()


def book_flight(_: TripWanted) -> BookFlight:
    return BookFlight()


def cancel_flight(_: TripWanted) -> CancelFlight:
    return CancelFlight()


def take_money(_: TripWanted) -> TakeMoney:
    return TakeMoney()


def send_tickets(_: TripWanted) -> SendTickets:
    return SendTickets()


def turn_down(_: TripWanted, reason: str) -> TurnDown:
    return TurnDown(reason=reason)


BOOK_TRIP = Saga(
    name="book_trip",
    version=1,
    starts_on=TripWanted,
    key=lambda wanted: wanted.trip,
    undo=turn_down,
    compensatable=(
        together(
            step(book_hotel, undo=cancel_hotel, within=seconds(5)),
            step(book_flight, undo=cancel_flight, within=seconds(5)),
        ),
    ),
    pivot=take_money,
    retriable=(send_tickets,),
)

WANTED = TripWanted(trip="rome")
