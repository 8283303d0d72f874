"""A service as the launcher sees it: a server with a user of the broker, a database and its migrations."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from infra.components.process_spec import ProcessSpec, StartOrder
from infra.components.server import ENV_FILE, HTTP_PORT, Server
from infra.machine.checkout import CHECKOUT
from infra.machine.command import run
from infra.machine.environment import base_environment

HANDED_ON = ("PACK_MESSAGES",)
"""Variables that a user sets for all services."""


def handed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """Those that this user has set."""
    return {name: environment[name] for name in HANDED_ON if name in environment}


@dataclass(frozen=True)
class Service(Server):
    """One service process of one home."""

    def variables(self, *, database_url: str, amqp_url: str, more: Mapping[str, str]) -> dict[str, str]:
        """Its settings in addition to those of every server."""
        return {
            "FAULTS_ENABLED": "true",
            "DATABASE_URL": database_url,
            "AMQP_URL": amqp_url,
            "JWT_SECRET": self.home.secret("jwt"),
            **more,
        }

    def replica(self, name: str, port: int) -> ProcessSpec:
        """Return a further process of it: the same settings file, database and user, on a port of its own."""
        part = replace(self, port=port).part()
        environment = {**part.environment, HTTP_PORT: str(port)}
        return replace(part, name=name, start_order=StartOrder.REPLICAS, ports=(name,), environment=environment)

    async def migrate(self, checkout: Path = CHECKOUT) -> None:
        """Bring its database to the newest revision. Raises UserError with alembic's last words."""
        await run(
            f"{self.name} migrations",
            (sys.executable, "-m", "alembic", "upgrade", "head"),
            environment={**base_environment(self.home), ENV_FILE: str(self.env_file)},
            directory=checkout / "services" / self.name,
        )
