"""A process that answers HTTP, as the launcher sees it: where it listens, and its settings file."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2

from infra.components.process_spec import ProcessSpec, StartOrder
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.private_file import write_private

ENV_FILE = "COUNTERSTEP_ENV_FILE"
HTTP_PORT = "HTTP_PORT"  # in the environment it wins over the file


@dataclass(frozen=True)
class Server:
    """One such process of one home; it runs the package of its name."""

    name: str
    port: int
    home: Home

    @property
    def url(self) -> str:
        return f"{self.home.tls.scheme('http')}://{LOOPBACK}:{self.port}"

    @property
    def env_file(self) -> Path:
        return self.home.path / "services" / f"{self.name}.env"

    def part(self) -> ProcessSpec:
        return ProcessSpec(
            name=self.name,
            start_order=StartOrder.SERVICES,
            command=(sys.executable, "-m", self.name),
            ports=(self.name,),
            address=self.url,
            missing=self.missing,
            environment={ENV_FILE: str(self.env_file)},
            directory=self.home.path,
        )

    def configure(self, variables: Mapping[str, str]) -> None:
        """Write its settings file, for a process of this machine."""
        write_private(self.env_file, self.settings(LOOPBACK, variables))

    def settings(self, host: str, variables: Mapping[str, str]) -> str:
        """Its settings file, for a process that listens on this host and gets these settings, too."""
        tls = self.home.tls
        settings = {
            "MODE": "local",
            "HTTP_HOST": host,
            HTTP_PORT: str(self.port),
            "LOG_FORMAT": "console",
            **({"HTTP_TLS_CERTIFICATE": self.home.alias.of(tls.certificate(self.name))} if tls.on else {}),
            **variables,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    async def missing(self) -> str | None:
        """Say what it still lacks to be ready, if anything."""
        async with httpx2.AsyncClient(timeout=5, **self.home.tls.http()) as client:
            try:
                answer = await client.get(f"{self.url}/health/ready")
            except httpx2.TransportError:
                return "its HTTP port does not answer"
        return None if answer.is_success else answer.text
