"""The control room as the launcher sees it: how the console reads logs, and starts and stops parts."""

import sys
from pathlib import Path

import httpx2

from infra.components.process_spec import ProcessSpec, StartOrder
from infra.machine.home import Home

SOCKET = "CONTROL_SOCKET"


class Control:
    """The control room of one home. It listens on a Unix socket that only the home's owner can open."""

    name = "control"

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def socket(self) -> Path:
        return self._home.control_socket

    def settings(self) -> dict[str, str]:
        """The console's settings by which it finds this part."""
        return {SOCKET: self._home.alias.of(self.socket)}

    def part(self) -> ProcessSpec:
        return ProcessSpec(
            name=self.name,
            start_order=StartOrder.STORES,
            command=(sys.executable, "-m", "infra.control"),
            ports=(),
            address=self.socket.name,
            missing=self._missing,
            directory=self._home.path,
        )

    async def _missing(self) -> str | None:
        transport = httpx2.AsyncHTTPTransport(uds=str(self.socket))
        async with httpx2.AsyncClient(timeout=5, transport=transport) as client:
            try:
                answer = await client.get("http://localhost/health/ready")
            except httpx2.TransportError:
                return "its socket does not answer"
        return None if answer.is_success else answer.text
