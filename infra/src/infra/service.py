"""A service as the launcher sees it: a process, its settings file and its migrations."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.command import run
from infra.environment import base_environment
from infra.home import CHECKOUT, Home
from infra.loopback import LOOPBACK
from infra.part import Part, Tier
from infra.private_file import write_private

SERVICES = ("order", "inventory", "payment", "orchestrator")
ENV_FILE = "COUNTERSTEP_ENV_FILE"


@dataclass(frozen=True)
class Service:
    """One service process of one home."""

    name: str
    port: int
    home: Home

    @property
    def url(self) -> str:
        return f"{self.home.tls.scheme('http')}://{LOOPBACK}:{self.port}"

    @property
    def env_file(self) -> Path:
        return self.home.path / "services" / f"{self.name}.env"

    def part(self) -> Part:
        return Part(
            name=self.name,
            tier=Tier.SERVICES,
            command=(sys.executable, "-m", self.name),
            ports=(self.name,),
            address=self.url,
            missing=self.missing,
            environment={ENV_FILE: str(self.env_file)},
            directory=self.home.path,
        )

    def configure(self, *, database_url: str, amqp_url: str, more: Mapping[str, str]) -> None:
        """Write its settings file, for a process of this machine."""
        write_private(self.env_file, self.settings(LOOPBACK, database_url, amqp_url, more))

    def settings(self, host: str, database_url: str, amqp_url: str, more: Mapping[str, str]) -> str:
        """Its settings file, for a process that listens on this host."""
        tls = self.home.tls
        settings = {
            "MODE": "local",
            "FAULTS_ENABLED": "true",
            "HTTP_HOST": host,
            "HTTP_PORT": str(self.port),
            "DATABASE_URL": database_url,
            "AMQP_URL": amqp_url,
            "JWT_SECRET": self.home.secret("jwt"),
            "LOG_FORMAT": "console",
            **({"HTTP_TLS_CERTIFICATE": str(tls.certificate(self.name))} if tls.on else {}),
            **more,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    async def migrate(self, checkout: Path = CHECKOUT) -> None:
        """Bring its database to the newest revision. Raises Failure with alembic's last words."""
        await run(
            f"{self.name} migrations",
            (sys.executable, "-m", "alembic", "upgrade", "head"),
            environment={**base_environment(self.home), ENV_FILE: str(self.env_file)},
            directory=checkout / "services" / self.name,
        )

    async def missing(self) -> str | None:
        """Say what it still lacks to be ready, if anything."""
        async with httpx.AsyncClient(timeout=5, **self.home.tls.http()) as client:
            try:
                answer = await client.get(f"{self.url}/health/ready")
            except httpx.TransportError:
                return "its HTTP port does not answer"
        return None if answer.is_success else answer.text
