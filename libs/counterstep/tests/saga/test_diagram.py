"""Diagrams show a definition as it is."""

from dataclasses import replace

from counterstep.saga.diagram import sequence_diagram, state_diagram
from travel.sagas import BOOK_TRIP, send_tickets

STATES = """\
stateDiagram-v2
    state "check_visa, if it applies" as check_visa
    state "book_hotel and book_flight" as book_hotel_and_book_flight
    [*] --> check_visa: TripWanted
    check_visa --> book_hotel_and_book_flight
    book_hotel_and_book_flight --> take_money
    take_money --> send_tickets
    send_tickets --> [*]: completed
    check_visa --> turn_down: refused
    check_visa --> forget_visa: in doubt, or cancelled
    book_hotel_and_book_flight --> cancel_flight_and_cancel_hotel: refused, in doubt, or cancelled
    take_money --> cancel_flight_and_cancel_hotel: refused
    cancel_flight_and_cancel_hotel --> forget_visa
    forget_visa --> turn_down
    turn_down --> [*]: compensated
    classDef pivot font-weight:bold,stroke-width:4px
    class take_money pivot"""

SEQUENCE = """\
sequenceDiagram
    participant trip
    participant orchestrator
    participant hotel
    participant flight
    participant bank
    trip-)orchestrator: TripWanted
    opt if it applies
        orchestrator-)trip: CheckVisa
        trip--)orchestrator: VisaGranted or VisaDenied
    end
    par
        orchestrator-)hotel: BookHotel
        hotel--)orchestrator: Booked or Full
    and
        orchestrator-)flight: BookFlight
        flight--)orchestrator: Seated or SoldOut
    end
    Note over orchestrator: the pivot: once it has succeeded, there is no way back
    orchestrator-)bank: TakeMoney
    bank--)orchestrator: MoneyTaken or NoMoney
    alt it succeeds
        orchestrator-)trip: SendTickets
        trip--)orchestrator: TicketsSent
    else refused, in doubt or cancelled: compensate, last step first
        par
            orchestrator-)flight: CancelFlight
            flight--)orchestrator: FlightCancelled
        and
            orchestrator-)hotel: CancelHotel
            hotel--)orchestrator: HotelCancelled
        end
        orchestrator-)trip: ForgetVisa
        trip--)orchestrator: VisaForgotten
        orchestrator-)trip: TurnDown
        trip--)orchestrator: TurnedDown
    end"""


def test_the_states_lead_forward_to_one_end_and_back_in_reverse_to_the_other() -> None:
    assert state_diagram(BOOK_TRIP) == STATES


def test_the_messages_are_each_command_with_every_reply_that_it_may_have() -> None:
    assert sequence_diagram(BOOK_TRIP) == SEQUENCE


def test_a_saga_may_end_with_its_pivot() -> None:
    assert "take_money --> [*]: completed" in state_diagram(replace(BOOK_TRIP, retriable=()))


def test_a_saga_with_nothing_to_undo_only_undoes_itself() -> None:
    only_paid = replace(BOOK_TRIP, compensatable=(), pivot=send_tickets, retriable=())
    assert "send_tickets --> turn_down: refused" in state_diagram(only_paid)
