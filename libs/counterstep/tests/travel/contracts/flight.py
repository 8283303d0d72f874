"""What the flight service can be asked."""

from typing import Never

from counterstep.protocol.messages import Command, Refusal, Reply


class Seated(Reply): ...


class SoldOut(Refusal): ...


class FlightCancelled(Reply): ...


class BookFlight(Command[Seated, SoldOut]): ...


class CancelFlight(Command[FlightCancelled, Never]): ...
