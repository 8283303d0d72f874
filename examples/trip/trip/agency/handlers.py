"""What the agency answers to the commands of the saga that it started."""

from counterstep import Participant

from trip.agency.model import Trip
from trip.contracts.agency import ConfirmTrip, RejectTrip, TripConfirmed, TripRejected
from trip.topology import TRIP

agency = Participant("agency", TRIP)


@agency.handles(ConfirmTrip)
def confirm(trip: Trip) -> TripConfirmed:
    """Everything is booked."""
    trip.status = "confirmed"
    return TripConfirmed()


@agency.handles(RejectTrip)
def reject(command: RejectTrip, trip: Trip) -> TripRejected:
    """Nothing is booked; the traveller reads why."""
    trip.status, trip.reason = "rejected", command.reason
    return TripRejected()
