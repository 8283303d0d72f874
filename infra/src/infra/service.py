"""A service as the launcher sees it: a server with a user of the broker, a database and its migrations."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.command import run
from infra.environment import base_environment
from infra.home import CHECKOUT
from infra.server import ENV_FILE, Server


@dataclass(frozen=True)
class Service(Server):
    """One service process of one home."""

    def told(self, *, database_url: str, amqp_url: str, more: Mapping[str, str]) -> dict[str, str]:
        """What it is told beside what every server is."""
        return {
            "FAULTS_ENABLED": "true",
            "DATABASE_URL": database_url,
            "AMQP_URL": amqp_url,
            "JWT_SECRET": self.home.secret("jwt"),
            **more,
        }

    async def migrate(self, checkout: Path = CHECKOUT) -> None:
        """Bring its database to the newest revision. Raises Failure with alembic's last words."""
        await run(
            f"{self.name} migrations",
            (sys.executable, "-m", "alembic", "upgrade", "head"),
            environment={**base_environment(self.home), ENV_FILE: str(self.env_file)},
            directory=checkout / "services" / self.name,
        )
