"""What the trip service publishes, and what it can be asked."""

from typing import ClassVar, Never

from counterstep.protocol.messages import CancellationEvent, Command, Refusal, Reply, StartEvent


class TripWanted(StartEvent):
    """Somebody wants to travel. Since version 2 the event says whether the trip needs a visa."""

    version: ClassVar[int] = 2

    trip: str
    far: bool


class TripCalledOff(CancellationEvent):
    """The traveller stays at home."""

    trip: str


class VisaGranted(Reply): ...


class VisaDenied(Refusal): ...


class VisaForgotten(Reply): ...


class TicketsSent(Reply): ...


class TurnedDown(Reply): ...


class CheckVisa(Command[VisaGranted, VisaDenied]): ...


class ForgetVisa(Command[VisaForgotten, Never]): ...


class SendTickets(Command[TicketsSent, Never]): ...


class TurnDown(Command[TurnedDown, Never]):
    reason: str
