"""Where traces go: Jaeger where the machine has it, else the trace sink; both listen and answer alike."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2

from infra.components import telemetry
from infra.components.process_spec import ProcessSpec, StartOrder
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home
from infra.machine.loopback import DIRECTLY, LOOPBACK
from infra.machine.ports import Ports
from infra.machine.user_error import UserError

JAEGER_BIN = "JAEGER_BIN"
BOUNDS = ("TRACES_MOST_SPANS", "TRACES_MOST_BYTES")
JAEGER_CONFIGURATION = CHECKOUT / "infra" / "jaeger" / "jaeger.yaml"


class Traces:
    """The part that keeps and shows traces, of one home. It speaks HTTP in the clear, with TLS on as well."""

    name = "traces"

    def __init__(self, home: Home, ports: Ports, environment: Mapping[str, str]) -> None:
        self._home = home
        self._ports = ports
        self._environment = environment

    @property
    def url(self) -> str:
        """The page and the query API."""
        return f"http://{LOOPBACK}:{self._ports.traces}"

    @property
    def otlp_url(self) -> str:
        """Where exporters send, each kind of signal to a path of its own."""
        return f"http://{LOOPBACK}:{self._ports.otlp}"

    def settings(self) -> dict[str, str]:
        """The services' settings."""
        if self._environment.get(telemetry.ENDPOINT):
            return telemetry.of_own_collector(self._environment)
        takes = ("TRACES",)
        return telemetry.of_our_collector(self._environment, self.otlp_url, self.url, takes)

    def part(self) -> ProcessSpec:
        """Return the process. Raises UserError where JAEGER_BIN names no program."""
        jaeger = self._jaeger()
        return ProcessSpec(
            name=self.name,
            start_order=StartOrder.STORES,
            command=self._jaeger_command(jaeger) if jaeger else (sys.executable, "-m", "infra.trace_sink"),
            ports=("otlp", "traces"),
            address=self.url,
            missing=self._missing,
            environment=self._jaeger_environment() if jaeger else self._sink_environment(),
            directory=self._home.path,
        )

    def _jaeger(self) -> str | None:
        named = self._environment.get(JAEGER_BIN)
        if named and not shutil.which(named):
            raise UserError(
                self.name,
                f"{JAEGER_BIN} is {named!r}, which is not a program: set it to Jaeger's path, or unset it",
            )
        return shutil.which(named or "jaeger", path=None if named else self._environment.get("PATH", ""))

    @staticmethod
    def _jaeger_command(jaeger: str) -> tuple[str, ...]:
        return (str(Path(jaeger).absolute()), "--config", str(JAEGER_CONFIGURATION))

    def _jaeger_environment(self) -> dict[str, str]:
        any_port = f"{LOOPBACK}:0"  # nobody asks there
        return {
            "JAEGER_OTLP_ENDPOINT": f"{LOOPBACK}:{self._ports.otlp}",
            "JAEGER_QUERY_ENDPOINT": f"{LOOPBACK}:{self._ports.traces}",
            "JAEGER_GRPC_ENDPOINT": any_port,
            "JAEGER_HEALTH_ENDPOINT": any_port,
        }

    def _sink_environment(self) -> dict[str, str]:
        return {
            "OTLP_PORT": str(self._ports.otlp),
            "TRACES_PORT": str(self._ports.traces),
            "TRACES_FILE": str(self._home.path / "traces" / "spans.sqlite"),
            "CONSOLE_URL": f"{self._home.tls.scheme('http')}://{LOOPBACK}:{self._ports.console}",
            **{name: self._environment[name] for name in BOUNDS if name in self._environment},
        }

    async def _missing(self) -> str | None:
        async with httpx2.AsyncClient(timeout=5, **DIRECTLY) as client:
            try:
                await client.get(self.otlp_url)  # whatever it answers
                answer = await client.get(f"{self.url}/api/v3/services")
            except httpx2.TransportError:
                return "its HTTP ports do not answer"
        return None if answer.is_success else answer.text
