"""Redirects lead to a path of the server that was asked, and never to the name that the request gave it."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TO_A_SLASH: Final = 307
"""The status with which Starlette sends `/trips/` to `/trips`. Its `Location` is made from the `Host`."""


class RelativeRedirects:
    """ASGI middleware that leaves only the path and the query of such a `Location`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_relative(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _TO_A_SLASH:
                headers = MutableHeaders(scope=message)
                headers["Location"] = _path_and_query(headers.get("Location", "/"))
            await send(message)

        await self.app(scope, receive, send_relative if scope["type"] == "http" else send)


def _path_and_query(location: str) -> str:
    """A path that begins with two slashes would be read as the name of a server."""
    parts = urlsplit(location)
    return "/" + parts.path.lstrip("/\\") + (f"?{parts.query}" if parts.query else "")
