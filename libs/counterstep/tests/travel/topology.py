"""The travel system's topology."""

from typing import Final

from counterstep import Topology

import travel.contracts

TRAVEL: Final = Topology(
    name="travel",
    package=travel.contracts,
    participants=("trip", "hotel", "flight", "bank"),
    watcher="lookout",
)
