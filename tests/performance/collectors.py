"""Where the services send their traces while they are measured: nowhere, to a collector, or into a black hole."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from contracts.topology import SERVICES
from infra.components.telemetry import ENDPOINT
from infra.launcher.native.stack import Stack
from infra.machine.private_file import write_private

from performance.results import Level, Round
from performance.round import Load, System

NOWHERE: Final = "traces to nowhere"
COLLECTOR: Final = "traces to a collector"
BLACK_HOLE: Final = "traces to a black hole"


@dataclass(frozen=True)
class Traced:
    """A stack whose services send their traces to this endpoint, or to none."""

    name: str
    stack: Stack
    endpoint: str | None

    def warm_up(self, load: Load) -> None:
        """Nothing yet: its services are restarted for each measurement."""

    def measure(self, level: Level, load: Load) -> Round:
        """Put this load on it, sending traces there and nowhere else. Raises UserError."""
        send_traces_to(self.stack, self.endpoint)
        system = System(self.name, self.stack)
        system.warm_up(load)
        return system.measure(level, load)


@contextmanager
def black_hole() -> Iterator[str]:
    """The address of what takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def send_traces_to(stack: Stack, endpoint: str | None) -> None:
    """Restart every service, with this endpoint or none."""
    for name in SERVICES:
        file = stack.services[name].env_file
        settings = dict(line.split("=", 1) for line in file.read_text().splitlines())
        settings.pop(ENDPOINT, None)
        write_private(file, _as_text(settings | ({ENDPOINT: endpoint} if endpoint else {})))
        stack.stop(name)
        stack.start(name)


def _as_text(settings: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in settings.items())
