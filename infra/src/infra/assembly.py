"""What one stack is made of: a home, its ports, and everything that can run there."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.home import Home
from infra.part import Part
from infra.ports import Ports
from infra.postgres import Postgres
from infra.postgres_placement import place
from infra.rabbitmq import RabbitMQ
from infra.service import SERVICES, Service
from infra.supervision import Supervision
from infra.traces import Traces


class Assembly:
    """Broker, database, traces, services and their supervisor, each wired to its ports, none of them started."""

    def __init__(self, home: Path, ports: Ports, environment: Mapping[str, str] = os.environ) -> None:
        self.home = Home(home.absolute())
        self.ports = ports
        self.environment = environment
        self.supervision = Supervision(self.home)
        self.broker = RabbitMQ(self.home, ports)
        self.traces = Traces(self.home, ports, environment)
        self.services = {name: Service(name, getattr(ports, name), self.home) for name in SERVICES}

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.home, self.ports, place(self.home, self.environment))

    @property
    def parts(self) -> dict[str, Part]:
        services = (service.part() for service in self.services.values())
        stores = (*self.broker.parts(), self.postgres.part(), self.traces.part())
        return {part.name: part for part in (*stores, *services)}

    def running(self) -> list[str]:
        """Name the parts that run."""
        return [name for name, process in self.supervision.processes().items() if process.alive]
