"""Fault injection in a service's HTTP answers: they come late, or are 503."""

import asyncio
from itertools import count
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from counterstep.chaos.switches import FaultSwitches
from counterstep.http.problems import Problem, answer

SPARED: Final = ("/faults", "/health", "/metrics")
"""Paths that still answer: otherwise no operator could look at the faults or switch them off."""


class HttpFaults:
    """ASGI middleware that applies the faults of this service to its answers."""

    def __init__(self, app: ASGIApp, switches: FaultSwitches) -> None:
        self.app = app
        self._switches = switches
        self._requests = count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults = self._switches.now
        if scope["type"] != "http" or scope["path"].startswith(SPARED):
            await self.app(scope, receive, send)
            return
        if faults.http_slow_seconds:
            await asyncio.sleep(faults.http_slow_seconds)
        if faults.http_unavailable and self._switches.falls(faults.http_unavailable, next(self._requests)):
            away = Problem(503, "turned away on purpose, by a fault switch", headers={"Retry-After": "1"})
            await answer(away)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
