"""A part: one process that the supervisor keeps alive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from infra.machine.waiting import Check


class Tier(IntEnum):
    """Which parts stand on which: a higher tier stops before a lower one.

    Those of the highest come and go one by one while the rest runs.
    """

    NAMES = 1
    STORES = 2
    SERVICES = 3
    REPLICAS = 4


@dataclass(frozen=True)
class Part:
    """A command with its environment.

    `ports` names the fields of `Ports` on which it listens, `address` is where a person finds it, and `missing`
    says what it still lacks to be used.
    """

    name: str
    tier: Tier
    command: tuple[str, ...]
    ports: tuple[str, ...]
    address: str
    missing: Check
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = Path("/")
    user: str | None = None
    stop_signal: str = "TERM"
