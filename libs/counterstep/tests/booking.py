"""A small saga to try the engine on: a step only for some, two at once, a pivot, and one that must succeed."""

from typing import Never

from counterstep.protocol.messages import CancellationEvent, Command, Event, Refusal, Reply
from counterstep.protocol.refusal_codes import RefusalCode
from counterstep.saga.abort import Abort
from counterstep.saga.definition import Saga
from counterstep.saga.steps import parallel, seconds, step


class TripWanted(Event):
    trip: str


class TripCalledOff(CancellationEvent): ...


class Booked(Reply):
    room: int


class Seated(Reply): ...


class Done(Reply): ...


class FullCode(RefusalCode):
    SOLD_OUT = "sold_out"
    CLOSED = "closed"


class Full(Refusal):
    code: FullCode


class Cancelled(Reply): ...


class BookHotel(Command[Booked, Full]): ...


class CancelHotel(Command[Cancelled, Never]): ...


class BookFlight(Command[Seated, Full]): ...


class CancelFlight(Command[Cancelled, Never]): ...


class CheckVisa(Command[Done, Full]): ...


class ForgetVisa(Command[Cancelled, Never]): ...


class TakeMoney(Command[Done, Full]):
    room: int


class SendTickets(Command[Done, Never]): ...


class TurnDown(Command[Cancelled, Never]):
    reason: str


def trip(wanted: TripWanted) -> str:
    return wanted.trip


def book_hotel(_: TripWanted) -> BookHotel:
    return BookHotel()


def cancel_hotel(_: TripWanted) -> CancelHotel:
    return CancelHotel()


def book_flight(_: TripWanted) -> BookFlight:
    return BookFlight()


def cancel_flight(_: TripWanted) -> CancelFlight:
    return CancelFlight()


def check_visa(_: TripWanted) -> CheckVisa:
    return CheckVisa()


def forget_visa(_: TripWanted) -> ForgetVisa:
    return ForgetVisa()


def is_far(wanted: TripWanted) -> bool:
    return wanted.trip == "tokyo"


def take_money(_: TripWanted, booked: Booked) -> TakeMoney:
    return TakeMoney(room=booked.room)


def send_tickets(_: TripWanted) -> SendTickets:
    return SendTickets()


def turn_down(_: TripWanted, abort: Abort) -> TurnDown:
    return TurnDown(reason=abort.reason)


BOOK_TRIP = Saga(
    name="book_trip",
    version=1,
    starts_on=TripWanted,
    key=trip,
    undo=turn_down,
    compensatable=(
        step(check_visa, undo=forget_visa, retry=1, when=is_far),
        parallel(
            step(book_hotel, undo=cancel_hotel, within=seconds(5)),
            step(book_flight, undo=cancel_flight, within=seconds(5)),
        ),
    ),
    pivot=take_money,
    retriable=(send_tickets,),
)

WANTED = TripWanted(trip="rome")
