"""The console's ASGI application: its pages, over one client of the services and one set of live feeds."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from contracts.topology import SHOP
from counterstep.http import theme
from counterstep.http.settings import text
from counterstep.http.web import web
from fastapi import FastAPI
from prometheus_client import Metric
from starlette.staticfiles import StaticFiles

from console import error_pages
from console.api import router
from console.apis import Apis
from console.live import Live
from console.overview.watch import Watch
from console.settings import Settings

STATIC = Path(__file__).parent / "static"
HTMX = ("django_htmx", "static/django_htmx")  # the package that contains it, and the folder in it


class Always:
    """The console is ready even when every other part is down, because it shows which parts are down."""

    async def health(self) -> dict[str, str]:
        return {}

    async def measured(self) -> list[Metric]:
        return []


def application(settings: Settings) -> FastAPI:
    """Make the application. Raises `OSError` where the certificate authority's file cannot be read."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log every poll

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[Always]:
        async with Apis(settings) as app.state.apis, Live() as app.state.live:
            app.state.watch = Watch(app.state.apis)
            yield Always()

    app = web("console", settings, life, product=SHOP.name)
    app.state.elsewhere = settings.elsewhere
    app.state.traces = text(settings.trace_ui_url)
    error_pages.install(app)
    app.include_router(router, include_in_schema=False)
    app.mount("/static/htmx", StaticFiles(packages=[HTMX]))
    app.mount("/static", StaticFiles(directory=STATIC))
    theme.mount(app)
    return app
