"""One service whose every connection passes through wires of the test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from infra.launcher.native.stack import Stack
from infra.machine.private_file import write_private
from yarl import URL

from faults.wire import Wire

VARIABLES: Final = {
    "broker": "AMQP_URL",
    "database": "DATABASE_URL",
    "collector": "OTEL_EXPORTER_OTLP_ENDPOINT",
}


@dataclass(frozen=True)
class Wires:
    """The wires of one service: to its broker, its database, and the collector of its traces."""

    broker: Wire
    database: Wire
    collector: Wire


@contextmanager
def wired(stack: Stack, service: str) -> Iterator[Wires]:
    """Inside the block this service reaches everything through wires. It is restarted at both ends."""
    file = stack.services[service].env_file
    before = file.read_text()
    settings = dict(line.split("=", 1) for line in before.splitlines())
    with ExitStack() as wires:
        found: dict[str, Wire] = {}
        for name, variable in VARIABLES.items():
            url = URL(settings[variable])
            found[name] = wires.enter_context(Wire(url.port or 0))
            settings[variable] = str(url.with_port(found[name].port))
        try:
            _start_with(stack, service, "".join(f"{name}={value}\n" for name, value in settings.items()))
            yield Wires(**found)
        finally:
            _start_with(stack, service, before)


def _start_with(stack: Stack, service: str, settings: str) -> None:
    stack.stop(service)
    write_private(stack.services[service].env_file, settings)
    stack.start(service)
