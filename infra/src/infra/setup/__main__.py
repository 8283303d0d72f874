"""`python -m infra.setup`: what broker and databases must hold before the services start. Again changes nothing.

Told by the environment: where they are (`RABBITMQ_HOST`, `POSTGRES_HOST`, the ports' variables), and the home with
secrets and settings (`COUNTERSTEP_RUN`; `/run`, where containers find them). Run it where `services/` is, with
their migrations. For a rolling upgrade, run it with `--keep-old` before the first process of the new release
starts, and without when the last of the old one has ended (docs/decisions/0043).
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from asyncpg import PostgresError
from contracts.topology import SERVICES
from httpx2 import HTTPError

from infra.components.postgres.databases import Databases
from infra.components.rabbitmq.declarer import declare
from infra.components.rabbitmq.node import RabbitMQ
from infra.components.service import Service
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.user_error import UserError
from infra.machine.waiting import together


async def setup(environment: Mapping[str, str], *, keep_old: bool) -> None:
    """Declare the topology, make the databases and migrate them. Raises UserError."""
    home = Home(Path(environment.get("COUNTERSTEP_RUN", "/run")))
    ports = Ports.resolve(environment, home.ports)
    broker = RabbitMQ(home, ports, environment.get("RABBITMQ_HOST", LOOPBACK))
    databases = Databases(home, ports.postgres, environment.get("POSTGRES_HOST", LOOPBACK))
    for line in await declare(broker, keep_old=keep_old):
        sys.stderr.write(f"setup: {line}\n")
    await databases.provision(SERVICES)
    services = (Service(name, getattr(ports, name), home) for name in SERVICES)
    await together(*(service.migrate(Path.cwd()) for service in services))


if __name__ == "__main__":
    try:
        asyncio.run(setup(os.environ, keep_old="--keep-old" in sys.argv[1:]))
    except (UserError, OSError, PostgresError, HTTPError) as error:
        raise SystemExit(f"setup: {error}") from None
