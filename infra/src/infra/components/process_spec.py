"""One process that the supervisor keeps alive: how to start it, and how to know that it is ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from infra.machine.waiting import Check


class StartOrder(IntEnum):
    """When a process starts. One with a higher number needs those with lower numbers, and stops before them.

    Replicas come and go one by one while everything else runs.
    """

    NAMES = 1
    STORES = 2
    SERVICES = 3
    REPLICAS = 4


@dataclass(frozen=True)
class ProcessSpec:
    """A command with its environment.

    `ports` names the fields of `Ports` on which the process listens. `address` is where a person finds it.
    `missing` says what the process still lacks before it can be used. `beyond_waiting`, of a process that runs,
    says what only a restart fixes; such a restart must lose nothing.
    """

    name: str
    start_order: StartOrder
    command: tuple[str, ...]
    ports: tuple[str, ...]
    address: str
    missing: Check
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = Path("/")
    user: str | None = None
    stop_signal: str = "TERM"
    beyond_waiting: Check | None = None
