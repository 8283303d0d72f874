"""The travel system's topology."""

from typing import Final

from counterstep import Contracts, Topology

import travel.contracts

TRAVEL: Final = Topology(
    name="travel",
    contracts=Contracts(travel.contracts),
    participants=("trip", "hotel", "flight", "bank"),
    watcher="lookout",
)
