"""The services' public HTTP APIs, the control room's, and RabbitMQ's management API.

The console reads with its own token. What a person does is sent with the token of that person.
"""

import ssl
from types import TracebackType
from typing import Annotated, Any, Final, Self, TypeVar

import httpx2
from counterstep.client import AsyncClient, ProblemError, Request, UnavailableError
from counterstep.client.parts import CONTROL
from fastapi import Depends
from fastapi import Request as HttpRequest

from console.settings import Settings

TIMEOUT: Final = httpx2.Timeout(4.0, connect=1.0)  # seconds; then the page names the service as missing
CONTROL_TIMEOUT: Final = httpx2.Timeout(10.0, connect=1.0)  # seconds; it may search many megabytes of logs
BROKER: Final = "rabbitmq"
NO_CONTROL: Final = "the containers' engine starts and stops the parts and keeps their logs here; see /processes"

Answer = TypeVar("Answer")


class Apis:
    """One client for all of them. Its methods raise `ProblemError` and `UnavailableError`."""

    def __init__(self, settings: Settings) -> None:
        trust = ssl.create_default_context(cafile=settings.tls_authority)
        self._services = AsyncClient(
            {name: str(url) for name, url in settings.service_urls.items()},
            settings.console_token.get_secret_value(),
            verify=trust,
            timeout=TIMEOUT,
        )
        self._control = (
            AsyncClient(
                {CONTROL: f"http://{CONTROL}"},
                settings.console_token.get_secret_value(),
                timeout=CONTROL_TIMEOUT,
                unix_socket=settings.control_socket,
            )
            if settings.control_socket
            else None
        )
        self._broker = httpx2.AsyncClient(
            base_url=str(settings.management_url),
            auth=httpx2.BasicAuth(settings.management_user, settings.management_password.get_secret_value()),
            timeout=TIMEOUT,
            verify=trust,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._services.__aenter__()
        await self._broker.__aenter__()
        if self._control:
            await self._control.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._control:
            await self._control.__aexit__(kind, error, trace)
        await self._broker.aclose()
        await self._services.__aexit__(kind, error, trace)

    async def read(self, service: str, request: Request[Answer]) -> Answer:
        """Send a read request with the console's own token."""
        return await self._services.send(service, request)

    async def act(self, token: str, service: str, request: Request[Answer]) -> Answer:
        """Send a request that changes something, with the token of the signed-in person."""
        return await self._services.send(service, request, token=token)

    @property
    def has_control(self) -> bool:
        """Whether a control room runs this system. In containers their engine does this work."""
        return self._control is not None

    async def control(self, request: Request[Answer], token: str | None = None) -> Answer:
        """Ask the control room, with this token or the console's own. `ProblemError` (404) where there is none."""
        if self._control is None:
            raise ProblemError(CONTROL, 404, NO_CONTROL)
        return await self._control.send(CONTROL, request, token=token)

    async def text_at(self, process: str, url: str, request: Request[str]) -> str:
        """As `text`, from a further process of a service, at its own address."""
        return await self._services.at({process: url}).text(process, request)

    async def read_at(self, process: str, url: str, request: Request[Answer]) -> Answer:
        """As `read`, from a further process of a service, at its own address."""
        return await self._services.at({process: url}).send(process, request)

    async def text(self, service: str, request: Request[str]) -> str:
        """An answer that is no JSON, such as metrics."""
        return await self._services.text(service, request)

    async def broker(self, path: str) -> Any:
        """Read one path of RabbitMQ's management API. Raises `UnavailableError`."""
        try:
            return (await self._broker.get(path)).raise_for_status().json()
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            raise UnavailableError(BROKER, f"it answered {status}", status) from None
        except httpx2.TransportError as error:
            raise UnavailableError(BROKER, str(error) or type(error).__name__) from None


async def apis(request: HttpRequest) -> Apis:
    """The client of this process."""
    found: Apis = request.app.state.apis
    return found


AllApis = Annotated[Apis, Depends(apis)]
