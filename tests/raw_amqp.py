"""A publisher that writes its frames by hand, so that it can send what no client library would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from struct import pack, unpack
from typing import Final

from raw_frames import BASIC, METHOD, body, header, long, method, short, table
from yarl import URL

CONNECTION: Final = 10
CHANNEL: Final = 20
CONFIRM: Final = 85
CLOSE: Final = {(CONNECTION, 50), (CHANNEL, 40)}
OUTCOMES: Final = {(BASIC, 80): "confirmed", (BASIC, 120): "nacked", (BASIC, 50): "returned"}


class ClosedError(Exception):
    """The broker has closed the connection, or the channel, and says why."""


class RawPublisher:
    """One connection with one channel, which is in confirm mode."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.frame_max = 0

    async def open(self, url: URL) -> None:
        """Log in, and open the channel. Raises `ClosedError` where the broker refuses that."""
        self._writer.write(b"AMQP\x00\x00\x09\x01")
        await self._answer(CONNECTION, 10)
        plain = long(f"\0{url.user}\0{url.password}")
        self._send(CONNECTION, 11, table() + short("PLAIN") + plain + short("en_US"), channel=0)
        channels, self.frame_max, _ = unpack(">HIH", await self._answer(CONNECTION, 30))
        self._send(CONNECTION, 31, pack(">HIH", channels, self.frame_max, 0), channel=0)
        vhost = url.path.removeprefix("/") or "/"
        self._send(CONNECTION, 40, short(vhost) + short("") + b"\0", channel=0)
        await self._answer(CONNECTION, 41)
        self._send(CHANNEL, 10, short(""))
        await self._answer(CHANNEL, 11)
        self._send(CONFIRM, 10, b"\0")
        await self._answer(CONFIRM, 11)

    async def publish(
        self, exchange: bytes | str, key: bytes | str, properties: bytes, content: bytes = b""
    ) -> str:
        """Publish a mandatory message; gives `confirmed`, `returned` or `nacked`. Raises `ClosedError`."""
        self._send(BASIC, 40, pack(">H", 0) + short(exchange) + short(key) + b"\x01")
        self._writer.write(header(properties, size=len(content)) + body(content, most=self.frame_max - 8))
        await self._writer.drain()
        outcome = ""
        while outcome not in {"confirmed", "nacked"}:
            found, _ = await self._next_method()
            if found in OUTCOMES:
                returned = outcome == "returned" and OUTCOMES[found] == "confirmed"
                outcome = OUTCOMES[found]
                if returned:
                    return "returned"
        return outcome

    def _send(self, class_id: int, method_id: int, arguments: bytes, *, channel: int = 1) -> None:
        self._writer.write(method(class_id, method_id, arguments, channel=channel))

    async def _answer(self, *wanted: int) -> bytes:
        found, arguments = await self._next_method()
        if found != wanted:
            raise ClosedError(f"the broker answers with method {found}, and not with {wanted}")
        return arguments

    async def _next_method(self) -> tuple[tuple[int, int], bytes]:
        """The next method, whatever frames of content stand before it. Raises `ClosedError` for a close."""
        while True:
            kind, payload = await self._next_frame()
            if kind != METHOD:
                continue
            found = unpack(">HH", payload[:4])
            if found in CLOSE:
                code, length = unpack(">HB", payload[4:7])
                raise ClosedError(f"{code} {payload[7 : 7 + length].decode(errors='replace')}")
            return found, payload[4:]

    async def _next_frame(self) -> tuple[int, bytes]:
        try:
            kind, _, size = unpack(">BHI", await self._reader.readexactly(7))
            return kind, (await self._reader.readexactly(size + 1))[:-1]
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise ClosedError(f"the broker has ended the connection: {error!r}") from error


@asynccontextmanager
async def raw_publisher(amqp_url: str) -> AsyncIterator[RawPublisher]:
    """A publisher for as long as the block lasts."""
    url = URL(amqp_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        publisher = RawPublisher(reader, writer)
        await publisher.open(url)
        yield publisher
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
