"""The shop's topology: its services, and the messages of this package between them."""

from typing import Final, Literal, TypeAlias, get_args

from counterstep import Topology

import contracts

ServiceName: TypeAlias = Literal[
    "order",
    "inventory",
    "payment",
    "orchestrator",
]

SERVICES: Final[tuple[str, ...]] = get_args(ServiceName)

ORCHESTRATOR: Final = "orchestrator"

PARTICIPANTS: Final = tuple(name for name in SERVICES if name != ORCHESTRATOR)
"""The services that commands are addressed to."""

SHOP: Final = Topology(
    name="counterstep",
    package=contracts,
    participants=PARTICIPANTS,
    orchestrator=ORCHESTRATOR,
    watcher="console",
)
