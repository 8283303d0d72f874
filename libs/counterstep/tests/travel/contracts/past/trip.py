"""What the trip service used to publish."""

from counterstep.protocol.messages import Past

from travel.contracts import trip as today

FAR = frozenset({"tokyo"})
"""The trips that needed a visa while each reader decided that by the name."""


class TripWanted(Past):
    """Version 1 left it to its reader whether the trip needs a visa."""

    trip: str

    def upcast(self) -> today.TripWanted:
        """By the rule of that time."""
        return today.TripWanted(trip=self.trip, far=self.trip in FAR)
