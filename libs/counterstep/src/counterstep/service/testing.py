"""For tests: a service's API without its database and broker, and callers for it."""

from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient, Auth, Request, Response

from counterstep.http.roles import Role
from counterstep.http.settings import ServiceSettings
from counterstep.http.tokens import mint
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.service.application import application

SECRET = "a secret that is only ever used in tests"  # noqa: S105 - it guards nothing
ISSUER = "test"
"""The issuer that `Bearer` signs for and `offline` accepts."""
NOBODY_LISTENS = "nobody:nothing@127.0.0.1:1"


def offline_settings(**more: Any) -> ServiceSettings:
    """Settings with addresses at which no database and no broker answer."""
    texts: dict[str, Any] = {  # as in an environment, so without the types of the settings
        "database_url": f"postgresql://{NOBODY_LISTENS}/none",
        "amqp_url": f"amqp://{NOBODY_LISTENS}/none",
        "jwt_secret": SECRET,
    }
    return ServiceSettings(_env_file=None, http_port=0, **texts, **more)


def offline_application(consumer: Consumer, router: APIRouter, **more: Any) -> FastAPI:
    """The service's application. It accepts the tokens of `Bearer`."""
    app = application(consumer, router, offline_settings(**more))
    app.state.token_issuer = ISSUER
    return app


@asynccontextmanager
async def offline(consumer: Consumer, router: APIRouter, **more: Any) -> AsyncIterator[AsyncClient]:
    """An httpx2 client of the service's application, running without its database and broker.

    It tests what the API decides by itself: who may call it, and which requests are refused. A route that needs
    the database answers 503. `more` are further settings.

    Units: none.

    Raises: pydantic's `ValidationError` for a setting that is wrong. Errors of a route are answers, as on a
    server.

    ```python
    async with offline(agency, router) as client:
        answer = await client.get(f"/trips/{uuid4()}")
    assert answer.status_code == 401
    ```
    """
    app = offline_application(consumer, router, **more)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


@dataclass(frozen=True)
class Bearer(Auth):
    """An httpx2 `auth` that sends each request with a new token of this caller, as a long test outlives one token.

    The defaults fit `offline`. For a service that runs, `issuer` is the name of its topology, and `secret` is its
    JWT_SECRET.

    Units: each token is valid for five minutes.

    Raises: `ValueError`, when a request is sent, for a role that there is not.

    ```python
    async with offline(agency, router) as client:
        answer = await client.post("/trips", json={"city": "Lisbon", "nights": 0}, auth=Bearer("ada", "customer"))
    assert answer.status_code == 422
    ```
    """

    subject: str
    role: Role | Literal["customer", "operator", "viewer"]
    issuer: str = ISSUER
    secret: str = field(default=SECRET, repr=False)

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        token = mint(
            self.secret, issuer=self.issuer, subject=self.subject, role=Role(self.role), ttl=timedelta(minutes=5)
        )
        request.headers["Authorization"] = f"Bearer {token}"
        yield request
