"""Snapshots of every service and the broker, taken at once and cached for 0.9 s."""

import asyncio
from collections import deque
from contextlib import suppress
from math import ceil
from time import monotonic
from typing import Annotated, Any, Final

from contracts.topology import SHOP
from counterstep.client import ApiError, operations, parts
from counterstep.http.views.parts import PartView
from counterstep.monitoring.broker import BrokerView, view, with_retries
from fastapi import Depends, Request
from shop_client import WaitingReviews, reviews

from console.apis import BROKER, Apis
from console.overview.figures import Figures
from console.overview.window import SECONDS, Snapshot, Window, window

REPLICAS_FRESH: Final = 5.0
"""In seconds: how long it may take until a further process of a service is counted."""
FRESH: Final = 0.9
"""In seconds: a snapshot younger than this is shown again instead of taking another."""


class Watch:
    """Takes the snapshots that all viewers of the overview share."""

    def __init__(self, apis: Apis) -> None:
        self._apis = apis
        self._snapshots: deque[Snapshot] = deque(maxlen=ceil(SECONDS / FRESH) + 1)
        self._lock = asyncio.Lock()
        self._replicas: dict[str, list[PartView]] = {}
        self._replicas_at = -REPLICAS_FRESH

    async def __call__(self) -> Window:
        """The window up to now. A service that does not answer is listed in its `missing`."""
        async with self._lock:
            if not self._snapshots or monotonic() - self._snapshots[-1].at >= FRESH:
                self._snapshots.append(await self._take_snapshot())
        return window(self._snapshots)

    async def _take_snapshot(self) -> Snapshot:
        missing: dict[str, str] = {}
        if monotonic() - self._replicas_at >= REPLICAS_FRESH:
            self._replicas_at, self._replicas = monotonic(), await self._find_replicas()
        broker, waiting, figures = await asyncio.gather(
            self._broker(missing),
            self._reviews(),
            asyncio.gather(*(self._service(name, missing) for name in SHOP.services)),
        )
        services = {name: seen for name, seen in zip(SHOP.services, figures, strict=True) if seen is not None}
        counts = [seen.by("queue", "retries_waiting") for seen in services.values()]
        retrying = {queue: round(number) for count in counts for queue, number in count.items()}
        return Snapshot(
            monotonic(), services, with_retries(broker, retrying) if broker else None, missing, waiting
        )

    async def _reviews(self) -> WaitingReviews | None:
        try:
            return await self._apis.read("order", reviews.waiting())
        except ApiError:  # the service is named as missing already
            return None

    async def _find_replicas(self) -> dict[str, list[PartView]]:
        """The processes of each service beside its first one, which the settings name."""
        found: dict[str, list[PartView]] = {}
        if self._apis.has_control:
            with suppress(ApiError):
                for part in await self._apis.control(parts.browse()):
                    if part.service in SHOP.services and part.name != part.service:
                        found.setdefault(part.service, []).append(part)
        return found

    async def _service(self, name: str, missing: dict[str, str]) -> Figures | None:
        """What its processes count, together; None where none answers."""
        replicas = self._replicas.get(name, [])
        first, *others = await asyncio.gather(
            self._first(name, missing), *(self._replica(each, missing) for each in replicas)
        )
        named = {name: first, **{each.name: seen for each, seen in zip(replicas, others, strict=True)}}
        answered = {process: figures for process, figures in named.items() if figures is not None}
        return Figures.together(answered) if answered else None

    async def _first(self, name: str, missing: dict[str, str]) -> Figures | None:
        try:
            figures, _ = await asyncio.gather(
                self._apis.text(name, operations.metrics()), self._ready(name, missing)
            )
        except ApiError:
            missing.setdefault(name, "it does not answer")
            return None
        return Figures.of(figures)

    async def _replica(self, part: PartView, missing: dict[str, str]) -> Figures | None:
        try:
            figures = await self._apis.text_at(part.name, part.address, operations.metrics())
        except ApiError:
            missing.setdefault(part.service, f"{part.name} does not answer")
            return None
        try:
            await self._apis.read_at(part.name, part.address, operations.readiness())
        except ApiError:
            missing.setdefault(part.service, f"{part.name} is not ready")
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
