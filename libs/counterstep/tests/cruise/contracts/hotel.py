"""What a hotel on board publishes, and what it can be asked: other messages than on land, with equal names."""

from typing import Never

from counterstep.protocol.messages import Command, Refusal, Reply, StartEvent


class CruiseWanted(StartEvent):
    cabin: int


class Booked(Reply):
    deck: int


class Full(Refusal): ...


class HotelCancelled(Reply): ...


class BookHotel(Command[Booked, Full]):
    cabin: int


class CancelHotel(Command[HotelCancelled, Never]):
    cabin: int
