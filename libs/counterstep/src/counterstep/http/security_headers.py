"""The headers that restrict what a browser does with an answer, on every answer of a process."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Nothing is loaded or run, nothing is guessed, nobody frames it. A page sends a policy of its own instead.

There is no `Strict-Transport-Security`: a browser applies it to every port of a host, so one stack with TLS would
lock its user out of whatever else runs on localhost. A proxy that has a name to itself adds it.
"""


class SecurityHeaders:
    """ASGI middleware that adds these headers to an answer, where it does not set them itself.

    An answer that names no way to validate it is not kept by browsers, as it may be about somebody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_restricted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if "ETag" not in headers:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_restricted if scope["type"] == "http" else send)
