"""The sink's ASGI application: OTLP, both query APIs and the page, over one store."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing

from counterstep.http import theme as look
from counterstep.http.edge import guard
from fastapi import FastAPI, Request, Response
from starlette.staticfiles import StaticFiles

from infra.trace_sink import jaeger_legacy, jaeger_v3, pages, receiver
from infra.trace_sink.intake import Intake
from infra.trace_sink.parameters import BadParameter
from infra.trace_sink.reading import Reader
from infra.trace_sink.room import Room
from infra.trace_sink.settings import TraceSinkSettings
from infra.trace_sink.store import Store


def application(settings: TraceSinkSettings) -> FastAPI:
    """Make it. Raises sqlite3.Error where the store's file is none."""
    most = settings.traces_most_spans, settings.traces_most_bytes
    store, reading = (Store(settings.traces_file, *most) for _ in range(2))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with (
            closing(store),
            closing(reading),
            ThreadPoolExecutor(1, "parsing") as app.state.parsing,
            ThreadPoolExecutor(1, "reading") as thread,
        ):
            app.state.room = Room()
            app.state.console = settings.console_url
            app.state.intake = Intake(store)
            app.state.reader = Reader(reading, thread)
            async with app.state.intake.running():
                yield

    app = FastAPI(title="Counterstep: traces", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    guard(app, ())
    for part in (receiver, jaeger_v3, jaeger_legacy, pages):
        app.include_router(part.router)
    look.mount(app)
    app.mount("/static", StaticFiles(directory=pages.STATIC))
    app.add_exception_handler(BadParameter, _bad_parameter)
    return app


async def _bad_parameter(request: Request, problem: Exception) -> Response:
    """Answer in the words of the API that was asked."""
    error = jaeger_v3.error if request.url.path.startswith(jaeger_v3.router.prefix) else jaeger_legacy.error
    return error(400, str(problem))
