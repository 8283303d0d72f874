"""The agency's messages. It sells trips: it starts the saga, and records how the saga ended."""

from typing import Never
from uuid import UUID

from counterstep import Command, Reply, StartEvent


class TripRequested(StartEvent):
    """A traveller wants to spend some nights in a city."""

    trip_id: UUID
    traveller: str
    city: str
    nights: int


class TripConfirmed(Reply):
    """The trip is confirmed."""


class ConfirmTrip(Command[TripConfirmed, Never]):
    """Everything is booked: tell the traveller so."""

    trip_id: UUID


class TripRejected(Reply):
    """The trip is rejected."""


class RejectTrip(Command[TripRejected, Never]):
    """Nothing is booked, and this is why."""

    trip_id: UUID
    reason: str
