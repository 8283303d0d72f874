"""The whole of Counterstep on this machine, whichever way it runs."""

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from contracts.topology import SERVICES, SHOP
from counterstep.client import Client
from counterstep.http.roles import Role
from counterstep.http.tokens import mint
from psutil import Process

from infra.components.console import CONSOLE, Console
from infra.components.rabbitmq.node import RabbitMQ
from infra.components.replicas import SINGLE, Replicas
from infra.components.service import Service
from infra.components.traces import Traces
from infra.launcher.progress import Progress
from infra.launcher.status import PartStatus, Status, status
from infra.machine.home import Home
from infra.machine.ports import Ports


class Deployment(ABC):
    """One home and its ports; where everything is, and what can be done with all of it.

    The verbs block: call them from a thread where an event loop runs.
    """

    def __init__(self, home: Path, ports: Ports, environment: Mapping[str, str] = os.environ) -> None:
        self.home = Home(home.absolute())
        self.ports = ports
        self.environment = environment
        self.broker = RabbitMQ(self.home, ports)
        self.traces = Traces(self.home, ports, environment)
        self.services = {name: Service(name, getattr(ports, name), self.home) for name in SERVICES}
        self.console = Console(CONSOLE, ports.console, self.home)

    @abstractmethod
    def up(
        self, progress: Progress | None = None, *, tls: bool | None = None, replicas: Replicas = SINGLE
    ) -> None:
        """Start what is not running and wait until all of it is ready. Raises UserError.

        Where `tls` is None it stays on or off, as it was. Processes beyond `replicas` are stopped.
        """

    @abstractmethod
    def down(self) -> None:
        """Stop everything and wait until no process is left; the data stay."""

    @abstractmethod
    def clean(self) -> None:
        """Stop everything and remove all that it ever wrote."""

    @abstractmethod
    def start(self, name: str) -> None:
        """Start one part and wait until it is ready. Raises UserError."""

    @abstractmethod
    def stop(self, name: str) -> None:
        """Stop one part as `down` would, and wait until it is gone. Raises UserError."""

    @abstractmethod
    def running(self) -> list[str]:
        """Name the parts that run."""

    @property
    @abstractmethod
    def part_names(self) -> list[str]:
        """Name the parts, running or not."""

    def processes_of(self, service: str) -> list[str]:
        """Name the parts that run this service."""
        return [service]

    @property
    @abstractmethod
    def port_names(self) -> set[str]:
        """The fields of `Ports` on which this machine must let it listen."""

    @abstractmethod
    def owns(self, process: Process | None) -> bool:
        """Tell whether a process that listens is one of its own; None is one that we may not see."""

    @abstractmethod
    def log_command(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        """Return the command that shows the log of one part, or of all. Raises UserError where there is none."""

    @abstractmethod
    def log_files(self, part: str | None) -> dict[str, Path]:
        """The files with the log of one part, or of all; none where they are kept elsewhere. Raises UserError."""

    @abstractmethod
    def log_of(self, part: str) -> str:
        """The stored log of a part."""

    @abstractmethod
    async def part_statuses(self) -> list[PartStatus]:
        """Ask every part for its state. Raises UserError if one stops during that."""

    def status(self) -> Status:
        """Ask every part, the broker and the services how they are. Raises UserError as `part_statuses` does."""

        async def ask() -> Status:
            parts = await self.part_statuses()
            return await status(parts, self.broker, self.services, lambda: self.api(Role.OPERATOR, "status"))

        return asyncio.run(ask())

    @property
    def pages(self) -> dict[str, str]:
        """The pages that a browser can open."""
        services = {name: f"{self.url(name)}/docs" for name in self.services}
        return {
            CONSOLE: self.console.url,
            **services,
            self.traces.name: self.traces.url,
            self.broker.name: self.broker.management_url,
        }

    def url(self, service: str) -> str:
        return self.services[service].url

    @property
    def urls(self) -> dict[str, str]:
        """Where every service's HTTP API is."""
        return {name: service.url for name, service in self.services.items()}

    def token(self, role: Role, subject: str, ttl: timedelta = timedelta(hours=1)) -> str:
        """Mint a token that every service of this stack takes."""
        return mint(self.home.secret("jwt"), issuer=SHOP.name, subject=subject, role=role, ttl=ttl)

    def api(self, role: Role, subject: str) -> Client:
        """A client of the services' HTTP APIs that speaks for this caller."""
        return Client(self.urls, self.token(role, subject), verify=self.home.tls.context())
