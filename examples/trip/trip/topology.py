"""The trip's own topology. Its name is the virtual host on the broker and the issuer of the tokens."""

from typing import Final

from counterstep import Topology

from trip import contracts

TRIP: Final = Topology(
    name="trip",
    package=contracts,
    participants=("agency", "suppliers"),
    orchestrator="trip_orchestrator",
    watcher="trip_watcher",
)
