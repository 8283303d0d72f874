"""The services' public HTTP APIs, and RabbitMQ's: read with the console's own token, acted on with a person's."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Annotated, Any, Final, Self

import httpx
from counterstep.http.views.problem import MEDIA_TYPE
from fastapi import Depends, Request

from console.settings import Settings

PATIENCE: Final = httpx.Timeout(4.0, connect=1.0)  # seconds; a page says so rather than wait longer
BROKER: Final = "rabbitmq"


class Away(Exception):  # noqa: N818 - it says what is the matter
    """It does not answer, or not as one that is well would."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} does not answer: {reason}")
        self.name = name


class Refusal(Exception):  # noqa: N818 - likewise
    """It answered, and the answer is no; `detail` says why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Apis:
    """One client for all of them."""

    def __init__(self, settings: Settings) -> None:
        self._urls: dict[str, str] = {name: str(url).rstrip("/") for name, url in settings.service_urls.items()}
        self._urls[BROKER] = str(settings.management_url).rstrip("/")
        self._token = settings.console_token.get_secret_value()
        password = settings.management_password.get_secret_value()
        self._broker_s_watcher = httpx.BasicAuth(settings.management_user, password)
        trust = ssl.create_default_context(cafile=settings.tls_authority)
        self._client = httpx.AsyncClient(timeout=PATIENCE, verify=trust, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, name: str, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """What a service shows to a viewer. Raises Away, and Refusal."""
        return (await self._as(self._token, "GET", name, path, params=_given(query))).json()

    async def text(self, name: str, path: str) -> str:
        """The same, where it is no JSON: a service's metrics. Raises Away, and Refusal."""
        return (await self._as(self._token, "GET", name, path)).text

    async def act(  # noqa: PLR0913 - one parameter for each part of a request
        self,
        token: str,
        name: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "POST",
    ) -> Any:
        """Have a service do this for whoever the token speaks for. Raises Away, and Refusal."""
        return (await self._as(token, method, name, path, json=body, headers=headers)).json()

    async def caller(self, token: str) -> Any:
        """Whom a token speaks for, as a service sees it. Raises Away, and Refusal where it is not good."""
        return (await self._as(token, "GET", "order", "/caller")).json()

    async def broker(self, path: str) -> Any:
        """What RabbitMQ's management API shows. Raises Away, and Refusal."""
        return (await self._send("GET", BROKER, path, auth=self._broker_s_watcher)).json()

    async def _as(
        self,
        token: str,
        method: str,
        name: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {token}"}
        return await self._send(method, name, path, headers={**bearer, **(headers or {})}, **request)

    async def _send(self, method: str, name: str, path: str, **request: Any) -> httpx.Response:
        try:
            answer = await self._client.request(method, f"{self._urls[name]}{path}", **request)
        except httpx.TransportError as error:
            raise Away(name, str(error) or type(error).__name__) from None
        if answer.is_server_error:
            raise Away(name, _detail(answer))
        if not answer.is_success:
            raise Refusal(answer.status_code, _detail(answer))
        return answer


def _given(query: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None and value != ""}


def _detail(answer: httpx.Response) -> str:
    """Its own words, where it has any."""
    if answer.headers.get("content-type") == MEDIA_TYPE:
        return str(answer.json()["detail"])
    return f"it answered {answer.status_code}"


async def apis(request: Request) -> Apis:
    found: Apis = request.app.state.apis
    return found


AllApis = Annotated[Apis, Depends(apis)]
