"""The services that there are. A new one is named here; who is run, and may say what to whom, follows from it."""

from typing import Final, Literal, TypeAlias, get_args

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
