"""Connections of clients: each must say what it wants within a time, and their number is bounded.

uvicorn has a timeout between two requests and none before the first. So silent connections would stay, and
a thousand of them would use every file that the process may open.
"""

from asyncio import Transport
from asyncio.events import TimerHandle
from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from counterstep.http.security_headers import HEADERS

HEAD_SECONDS: Final = 10.0
"""Seconds from the connection, or from the first byte of a further request, until its last header."""

_FULL: Final = b"too many connections are open; try again in a second"


class Connection(HttpToolsProtocol):
    """A connection with a timeout for the head of each request. `most` of them may be open at once.

    One more takes the place of a connection that asks for nothing: first of one that never did. Where all of them
    wait for an answer, it gets a 503.
    """

    most: int
    _head: TimerHandle | None = None
    _reads_head = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        super().connection_made(transport)
        if len(self.connections) > self.most and not self._made_room():
            self._send(503, _FULL, ((b"retry-after", b"1"),))
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._reads_head:  # a head that arrives in one piece, as nearly all do, needs no timer
            self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reads_head = True

    def on_headers_complete(self) -> None:
        self._reads_head = False
        self._head_arrived()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_arrived()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._send(400, msg.encode())

    @property
    def has_asked(self) -> bool:
        """Whether a request has arrived at all."""
        return self.cycle is not None

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _made_room(self) -> bool:
        others = [each for each in self.connections if isinstance(each, Connection) and each is not self]
        silent = (each for each in others if not each.has_asked)
        idle = (each for each in others if each.is_idle)
        victim = next(silent, None) or next(idle, None)
        if victim is not None:
            victim.transport.abort()
            self.connections.discard(victim)
        return victim is not None

    def _await_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_arrived(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _send(self, status: int, said: bytes, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        """Answer before any application is called, and close."""
        headers = (
            *((name.encode(), value.encode()) for name, value in HEADERS.items()),
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(said)),
            (b"connection", b"close"),
            *more,
        )
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + said)
        self.transport.close()


def at_most(most: int) -> type[Connection]:
    """The kind of connection of which a server opens at most `most`."""
    return type("BoundedConnection", (Connection,), {"most": most})
