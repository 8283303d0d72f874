"""The HTTP side of any process: health, metrics, tracing, and every error as a problem."""

from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol, TypeAlias

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from prometheus_client import Metric

from counterstep.http import health, metrics, problems
from counterstep.http.about import about
from counterstep.http.body_limit import BodyLimit
from counterstep.http.settings import WebSettings, text
from counterstep.telemetry import Links
from counterstep.telemetry.metrics import Exposition

MOST_BODY_BYTES: Final = 64 * 1024


class HealthSource(Protocol):
    """What a process says of itself: what it needs and lacks, and what is true of it now."""

    async def health(self) -> dict[str, str]: ...

    async def measured(self) -> list[Metric]: ...


Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[HealthSource]]
"""All that runs while the application does."""


def web(name: str, settings: WebSettings, life: Lifespan, *, product: str) -> FastAPI:
    """An ASGI application with what every process shows, and no route of its own yet."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with life(app) as app.state.vitals:
            yield

    described = about(name)
    exposition = Exposition()
    app = FastAPIOffline(  # /docs works without any other network
        title=f"{product.capitalize()}: {name}",
        summary=described.summary,
        version=described.version,
        lifespan=lifespan,
        responses=problems.RESPONSES,
        redoc_url=None,
        telemetry={
            "operation_spans": False,
            "exclude": _is_looking_after,
            "meter_provider": exposition.meter_provider,
        },
    )
    app.state.exposition = exposition
    app.state.links = Links(text(settings.trace_ui_url))
    app.add_middleware(BodyLimit, most_bytes=MOST_BODY_BYTES)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    return app


def _is_looking_after(scope: MutableMapping[str, Any]) -> bool:
    """Probes and scrapes come every few seconds; a trace of each would bury those of sagas."""
    return str(scope.get("path", "")).startswith(("/health", "/metrics"))
