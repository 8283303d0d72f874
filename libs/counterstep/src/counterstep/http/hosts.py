"""The names by which a server may be called. A request that calls it by another name is refused.

Otherwise a page on the web could point a name of its own at this machine, and then read our answers as its own
(DNS rebinding); and what we make of the name, such as a redirect, would lead to where the request says.
"""

import re
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from counterstep.http.problems import Problem, answer

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_HOST: Final = re.compile(rb"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class HostCheck:
    """ASGI middleware: a request whose `Host` is none of these names is a 400 problem.

    A name may begin with `*.`, and then stands for every name below it; `*` alone stands for every name. The
    address at which the connection arrived is always a name of the server: nobody else can point it elsewhere. A
    request of HTTP/1.0 without a `Host` is let through, because no browser sends one.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self.app = app
        names = {_plain(name) for name in allowed}
        self._names = frozenset(name for name in names if not name.startswith("*"))
        self._endings = tuple(name[1:] for name in names if name.startswith("*"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (unknown := self._unknown(scope)) is not None:
            said = unknown.decode(errors="backslashreplace")
            problem = Problem(400, f"this server is not called {said!r}; ALLOWED_HOSTS lists its further names")
            await answer(problem)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _unknown(self, scope: Scope) -> bytes | None:
        """The first `Host` of the request that is no name of this server."""
        hosts: list[bytes] = [value for name, value in scope["headers"] if name == b"host"]
        arrived_at = (scope.get("server") or ("",))[0]
        return next((host for host in hosts if not self._is_ours(host, arrived_at)), None)

    def _is_ours(self, host: bytes, arrived_at: str) -> bool:
        parsed = _HOST.fullmatch(host)
        if parsed is None:
            return False
        name = _plain(parsed["name"].decode())
        return name in self._names or name == _plain(arrived_at) or name.endswith(self._endings)


def _plain(name: str) -> str:
    """The name in small letters, without the brackets of an IPv6 address and the dot of the root."""
    return name.lower().strip("[]").rstrip(".")
