"""Looking at all of it: every service and the broker at once, and what was seen kept for as long as now lasts."""

import asyncio
from collections import deque
from math import ceil
from time import monotonic
from typing import Annotated, Any, Final

from contracts.topology import SHOP
from counterstep.client import ApiError, operations
from counterstep.monitoring.broker import BrokerView, view
from fastapi import Depends, Request

from console.apis import BROKER, Apis
from console.overview.figures import Figures
from console.overview.window import SECONDS, Look, Window, window

FRESH: Final = 0.9
"""In seconds: who looks again so soon is shown what was seen."""


class Watch:
    """What was seen of late, for all who look."""

    def __init__(self, apis: Apis) -> None:
        self._apis = apis
        self._looks: deque[Look] = deque(maxlen=ceil(SECONDS / FRESH) + 1)
        self._looking = asyncio.Lock()

    async def __call__(self) -> Window:
        """The last seconds until now. Whoever does not answer is missing in it."""
        async with self._looking:
            if not self._looks or monotonic() - self._looks[-1].at >= FRESH:
                self._looks.append(await self._look())
        return window(self._looks)

    async def _look(self) -> Look:
        missing: dict[str, str] = {}
        broker, figures = await asyncio.gather(
            self._broker(missing), asyncio.gather(*(self._service(name, missing) for name in SHOP.services))
        )
        services = {name: seen for name, seen in zip(SHOP.services, figures, strict=True) if seen is not None}
        return Look(monotonic(), services, broker, missing)

    async def _service(self, name: str, missing: dict[str, str]) -> Figures | None:
        try:
            figures, _ = await asyncio.gather(
                self._apis.text(name, operations.metrics()), self._ready(name, missing)
            )
        except ApiError:
            missing.setdefault(name, "it does not answer")
            return None
        return Figures.of(figures)

    async def _ready(self, name: str, missing: dict[str, str]) -> None:
        try:
            await self._apis.read(name, operations.readiness())
        except ApiError:
            missing[name] = "it is not ready"

    async def _broker(self, missing: dict[str, str]) -> BrokerView | None:
        paths = ("/api/nodes", f"/api/queues/{SHOP.name}", f"/api/vhosts/{SHOP.name}/connections")
        try:
            answers: list[Any] = await asyncio.gather(*map(self._apis.broker, paths))
        except ApiError as error:
            missing[BROKER] = str(error)
            return None
        return view(SHOP, *answers)


async def watch(request: Request) -> Watch:
    found: Watch = request.app.state.watch
    return found


AnyWatch = Annotated[Watch, Depends(watch)]
