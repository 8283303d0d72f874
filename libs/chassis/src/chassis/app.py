"""The HTTP side of a service: its routes, the shared ones, and every error as a problem."""

from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from importlib.metadata import metadata
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline
from messaging.batches import Consumer
from messaging.faults.switches import FaultSwitches
from messaging.middleware import Middleware
from messaging.runtime import Runtime
from telemetry import Links
from telemetry.metrics import Exposition

from chassis import dead_letters, faults, health, metrics, outbox, problems
from chassis.body_limit import BodyLimit
from chassis.http_faults import HttpFaults
from chassis.settings import ServiceSettings, text

MOST_BODY_BYTES = 64 * 1024


def _is_looking_after(scope: MutableMapping[str, Any]) -> bool:
    """Probes and scrapes come every few seconds; a trace of each would bury the orders'."""
    return str(scope.get("path", "")).startswith(("/health", "/metrics"))


def application(consumer: Consumer, router: APIRouter, settings: ServiceSettings) -> FastAPI:
    """The service's ASGI application; while it runs, so do its consumers and its relay."""
    amqp_url = str(settings.amqp_url.get_secret_value())
    switches = FaultSwitches(consumer.name, amqp_url) if settings.faults_enabled else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Runtime(
            consumer,
            database_url=str(settings.database_url.get_secret_value()),
            amqp_url=amqp_url,
            middleware=switches.middleware if switches else Middleware(),
        ) as runtime:
            app.state.runtime = runtime
            app.state.transactions = runtime.transactions
            yield

    about = metadata(consumer.name)
    exposition = Exposition()
    app = FastAPIOffline(  # /docs works without any other network
        title=f"Counterstep: {consumer.name}",
        summary=about["Summary"],
        version=about["Version"],
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
    app.state.jwt_secret = settings.jwt_secret.get_secret_value()
    app.state.fault_switches = switches
    app.add_middleware(BodyLimit, most_bytes=MOST_BODY_BYTES)
    if switches:
        app.add_middleware(HttpFaults, switches=switches)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(router)
    app.include_router(dead_letters.router)
    app.include_router(outbox.router)
    app.include_router(faults.router)
    return app
