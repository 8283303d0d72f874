"""The components of a native deployment."""

import os
from abc import ABC
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.components.control import Control
from infra.components.postgres.placement import place
from infra.components.postgres.server import Postgres
from infra.components.process_spec import ProcessSpec
from infra.components.replicas import Replicas
from infra.launcher.deployment import Deployment
from infra.launcher.native.supervision import Supervision
from infra.machine.ports import Ports


class NativeComponents(Deployment, ABC):
    """Broker, database, traces, services and their supervisor, each wired to its ports, none of them started."""

    def __init__(self, home: Path, ports: Ports, environment: Mapping[str, str] = os.environ) -> None:
        super().__init__(home, ports, environment)
        self.control = Control(self.home)
        self.supervision = Supervision(self.home)

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.home, self.ports, place(self.home, self.environment))

    @property
    def replicas(self) -> Replicas:
        """The options of the last `up`."""
        return Replicas.remembered(self.home.replicas)

    @property
    def parts(self) -> dict[str, ProcessSpec]:
        return self.parts_with(self.replicas)

    def parts_with(self, replicas: Replicas) -> dict[str, ProcessSpec]:
        """Everything that runs, with these replicas of each service. Raises UserError if one has no port."""
        stores = (*self.broker.parts(), self.postgres.part(), self.traces.part(), self.control.part())
        return {part.name: part for part in (*stores, *self._processes(replicas), self.console.part())}

    def processes_of(self, service: str) -> list[str]:
        return [service, *self.replicas.further(service)]

    def running(self) -> list[str]:
        return [name for name, process in self.supervision.processes().items() if process.alive]

    def _processes(self, replicas: Replicas) -> Iterator[ProcessSpec]:
        for service in self.services.values():
            yield service.part()
            yield from (service.replica(name, self.ports.of(name)) for name in replicas.further(service.name))
