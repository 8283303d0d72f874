"""The control room's ASGI application, over one native stack."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from contracts.topology import SHOP
from counterstep.http import problems, whoami
from counterstep.http.body_limit import BodyLimit
from counterstep.http.edge import guard
from fastapi import FastAPI

from infra.components.control import Control
from infra.control import routes
from infra.control.acts import Acts
from infra.control.log_reading import LogReader
from infra.control.overview import Overview
from infra.launcher import Stack

MOST_BODY_BYTES = 4096
BODY_SECONDS = 5.0


def application(stack: Stack) -> FastAPI:
    """Make it. It reads the home's signing secret, and so tells a valid token from a forged one."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ThreadPoolExecutor(1, "logs") as reading, ThreadPoolExecutor(1, "parts") as looking:
            app.state.acts = Acts(stack)
            app.state.logs = LogReader(stack, reading)
            app.state.overview = Overview(stack, app.state.acts, looking)
            yield
            await app.state.acts.ended()

    app = FastAPI(title="Counterstep: control", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.jwt_secret = stack.home.secret("jwt")
    app.state.token_issuer = SHOP.name
    app.add_middleware(BodyLimit, most_bytes=MOST_BODY_BYTES, seconds=BODY_SECONDS)
    guard(app, (Control.name,))
    problems.install(app)
    app.include_router(whoami.router)
    app.include_router(routes.router)
    return app
