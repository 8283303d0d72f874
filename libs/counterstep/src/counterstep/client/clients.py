"""The two ways to send requests to the services of one system: blocking, and with asyncio.

The requests, and the reading of their answers, are written once, in the other modules of this package. This module
has only the difference: a call, and the same call awaited.
"""

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx2
from pydantic import ValidationError

from counterstep.client.errors import UnavailableError, error_of
from counterstep.client.request import Page, Request, page_after
from counterstep.http.wording import in_words

Answer = TypeVar("Answer")
Item = TypeVar("Item")

DEFAULT_TIMEOUT: Final = httpx2.Timeout(10)
"""Seconds for each phase of a call."""


class _Services:
    """Where the services are, and as whom to call them."""

    def __init__(self, urls: Mapping[str, str], token: str, timeout: httpx2.Timeout | float) -> None:
        self._urls = {service: url.rstrip("/") for service, url in urls.items()}
        self._token = token
        self._timeout = httpx2.Timeout(timeout)

    def _prepared(self, service: str, request: Request[Any], token: str | None) -> dict[str, Any]:
        """The arguments of httpx2's `request`. Raises `KeyError` for a service whose address was not given."""
        return {
            "method": request.method,
            "url": f"{self._urls[service]}{request.path}",
            "params": request.parameters,
            "json": request.json,
            "headers": {"Authorization": f"Bearer {token or self._token}", **request.headers},
            "timeout": self._timeout_of(request),
        }

    def _timeout_of(self, request: Request[Any]) -> httpx2.Timeout:
        usual = self._timeout
        if not request.wait or usual.read is None:
            return usual
        longer = usual.read + request.wait
        return httpx2.Timeout(connect=usual.connect, read=longer, write=usual.write, pool=usual.pool)


class Client(_Services):
    """Calls the services and waits for each answer.

    `urls` maps each service to the address of its HTTP API. `token` speaks for the caller; a single call may carry
    another. `verify` and `timeout` are httpx2's.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        token: str,
        *,
        verify: ssl.SSLContext | bool = True,
        timeout: httpx2.Timeout | float = DEFAULT_TIMEOUT,
    ) -> None:
        super().__init__(urls, token, timeout)
        self._http = httpx2.Client(timeout=timeout, verify=verify, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def send(self, service: str, request: Request[Answer], *, token: str | None = None) -> Answer:
        """The service's answer. Raises `ProblemError` and `UnavailableError`."""
        try:
            response = self._http.request(**self._prepared(service, request, token))
        except httpx2.TransportError as error:
            raise _unreachable(service, error) from None
        return _answer(service, request, response)

    def every(self, service: str, request: Request[Page[Item]]) -> Iterator[Item]:
        """All rows of a list, page after page. Raises as `send` does."""
        while True:
            page = self.send(service, request)
            yield from page.items
            if page.next_cursor is None:
                return
            request = page_after(request, page.next_cursor)


class AsyncClient(_Services):
    """As `Client`, with asyncio. `limits` are httpx2's: how many connections may be open at once.

    With `unix_socket` every request goes to that socket, and the addresses say only which `Host` is asked.
    """

    def __init__(  # noqa: PLR0913 - as many as httpx2 has, each with its name
        self,
        urls: Mapping[str, str],
        token: str,
        *,
        verify: ssl.SSLContext | bool = True,
        timeout: httpx2.Timeout | float = DEFAULT_TIMEOUT,
        limits: httpx2.Limits | None = None,
        unix_socket: Path | None = None,
    ) -> None:
        super().__init__(urls, token, timeout)
        transport = httpx2.AsyncHTTPTransport(uds=str(unix_socket)) if unix_socket else None
        self._http = httpx2.AsyncClient(
            timeout=timeout,
            verify=verify,
            trust_env=False,
            limits=limits or httpx2.Limits(),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    def at(self, urls: Mapping[str, str]) -> Self:
        """The same client for services at other addresses. Both share their connections, and end together."""
        other = copy(self)
        other._urls = {service: url.rstrip("/") for service, url in urls.items()}  # noqa: SLF001 - its copy
        return other

    async def send(self, service: str, request: Request[Answer], *, token: str | None = None) -> Answer:
        """The service's answer. Raises `ProblemError` and `UnavailableError`."""
        return _answer(service, request, await self._respond(service, request, token))

    async def text(self, service: str, request: Request[str]) -> str:
        """An answer that is no JSON, such as metrics, as it is. Raises as `send` does."""
        return _checked(service, await self._respond(service, request, None)).text

    async def every(self, service: str, request: Request[Page[Item]]) -> AsyncIterator[Item]:
        """All rows of a list, page after page. Raises as `send` does."""
        while True:
            page = await self.send(service, request)
            for item in page.items:
                yield item
            if page.next_cursor is None:
                return
            request = page_after(request, page.next_cursor)

    async def _respond(self, service: str, request: Request[Any], token: str | None) -> httpx2.Response:
        try:
            return await self._http.request(**self._prepared(service, request, token))
        except httpx2.TransportError as error:
            raise _unreachable(service, error) from None


def _answer(service: str, request: Request[Answer], response: httpx2.Response) -> Answer:
    try:
        return request.read(_checked(service, response).content)
    except ValidationError as error:
        first = error.errors()[0]
        wrong = f"{'.'.join(map(str, first['loc']))} {in_words(first)}".strip()
        reason = f"{request.method} {request.path} was answered by something else, or another version: {wrong}"
        raise UnavailableError(service, reason, response.status_code) from None


def _checked(service: str, response: httpx2.Response) -> httpx2.Response:
    if response.is_success:
        return response
    raise error_of(service, response.status_code, response.headers.get("content-type", ""), response.content)


def _unreachable(service: str, error: httpx2.TransportError) -> UnavailableError:
    return UnavailableError(service, str(error) or type(error).__name__)
