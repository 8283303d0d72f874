"""The HTTP side of any process: health, metrics, tracing, and every error as a problem."""

from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol, TypeAlias

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from prometheus_client import Metric

from counterstep.http import docs_page, health, metrics, problems
from counterstep.http.about import about
from counterstep.http.body_limit import BodyLimit
from counterstep.http.edge import guard
from counterstep.http.settings import WebSettings, text
from counterstep.telemetry import Links
from counterstep.telemetry.metric_export import MetricExport
from counterstep.telemetry.metrics import Exposition

MOST_BODY_BYTES: Final = 64 * 1024
BODY_SECONDS: Final = 30.0


class HealthSource(Protocol):
    """What the health and metrics routes ask of a process."""

    async def health(self) -> dict[str, str]:
        """Each part that the process needs, such as its database: "ok", or what is wrong with it."""

    async def measured(self) -> list[Metric]:
        """Metrics that are measured at this moment, such as the length of the outbox."""


Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[HealthSource]]
"""Opens what the application needs while it runs."""


def web(name: str, settings: WebSettings, life: Lifespan, *, product: str) -> FastAPI:
    """An ASGI application with the routes that every process has, before its own routes are added."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with metrics_sent as export, life(app) as app.state.vitals:
            export.measure = app.state.vitals.measured
            yield

    described = about(name)
    exposition = Exposition()
    metrics_sent = MetricExport(name, exposition, settings.destinations())
    app = FastAPIOffline(  # it serves the files of /docs, which then works without any other network
        docs_url=None,
        title=f"{product.capitalize()}: {name}",
        summary=described.summary,
        version=described.version,
        lifespan=lifespan,
        responses=problems.RESPONSES,
        redoc_url=None,
        telemetry={
            "operation_spans": False,
            "exclude": _is_probe_or_scrape,
            "meter_provider": exposition.meter_provider,
        },
    )
    app.state.exposition = exposition
    app.state.at_shutdown = []  # what a server calls before it waits for the requests that are under way
    app.state.links = Links(text(settings.trace_ui_url))
    app.add_middleware(BodyLimit, most_bytes=MOST_BODY_BYTES, seconds=BODY_SECONDS)
    guard(app, (name, settings.http_host, *settings.allowed_hosts))
    docs_page.mount(app)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    return app


def _is_probe_or_scrape(scope: MutableMapping[str, Any]) -> bool:
    """Probes and scrapes come every few seconds. A trace of each would bury those of the sagas."""
    return str(scope.get("path", "")).startswith(("/health", "/metrics"))
