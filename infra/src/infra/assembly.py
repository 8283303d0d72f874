"""What a native stack is made of: everything that can run in one home."""

import os
from abc import ABC
from collections.abc import Mapping
from pathlib import Path

from infra.deployment import Deployment
from infra.part import Part
from infra.ports import Ports
from infra.postgres import Postgres
from infra.postgres_placement import place
from infra.supervision import Supervision


class Assembly(Deployment, ABC):
    """Broker, database, traces, services and their supervisor, each wired to its ports, none of them started."""

    def __init__(self, home: Path, ports: Ports, environment: Mapping[str, str] = os.environ) -> None:
        super().__init__(home, ports, environment)
        self.supervision = Supervision(self.home)

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.home, self.ports, place(self.home, self.environment))

    @property
    def parts(self) -> dict[str, Part]:
        servers = (server.part() for server in (*self.services.values(), self.console))
        stores = (*self.broker.parts(), self.postgres.part(), self.traces.part())
        return {part.name: part for part in (*stores, *servers)}

    def running(self) -> list[str]:
        return [name for name, process in self.supervision.processes().items() if process.alive]
