"""Connections that stay silent, that are slow, or that are too many."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from counterstep.http import connections, file_limit
from counterstep.http.connections import Connection, at_most
from counterstep.http.file_limit import OTHER_FILES, connections_within
from counterstep.http.security_headers import HEADERS
from starlette.types import Receive, Scope, Send
from waiting import eventually

WITHIN = 20.0  # seconds, on a busy machine
NEVER = 600.0  # seconds, longer than any test
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
ASK = HEAD + b"\r\n"


class Server:
    """A server whose answers to `/slow` wait until `release` is set."""

    def __init__(self, most: int) -> None:
        self.release = asyncio.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            self._answer, interface="asgi3", http=at_most(most), log_config=None, lifespan="off"
        )
        self._uvicorn = uvicorn.Server(config)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Server"]:
        serving = asyncio.create_task(self._uvicorn.serve([self._socket]))
        try:
            yield self
        finally:
            self.release.set()
            self._uvicorn.should_exit = self._uvicorn.force_exit = True
            await serving

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self._socket.getsockname())

    async def open(self) -> int:
        """How many connections are open."""
        return len(self._uvicorn.server_state.connections)

    async def asked(self) -> int:
        """How many of them wait for an answer."""
        protocols = self._uvicorn.server_state.connections
        return sum(isinstance(each, Connection) and not each.is_idle for each in protocols)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        if scope["path"] == "/slow":
            await self.release.wait()
        length = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(most=3).running() as server:
        yield server


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)


async def said(reader: asyncio.StreamReader) -> bytes:
    """What arrives until the server closes the connection, also where it does so abruptly."""
    async with asyncio.timeout(WITHIN):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def answer(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(WITHIN):
        return await reader.readuntil(b"ok")


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("begun", [b"", b"GET", HEAD, HEAD + b"X-Slow: "])
async def test_a_connection_that_does_not_say_what_it_wants_is_closed(server: Server, begun: bytes) -> None:
    reader, writer = await server.connect()
    writer.write(begun)
    assert await said(reader) == b""
    assert await eventually(server.open, until=lambda number: number == 0) == 0


@pytest.mark.usefixtures("hurried")
async def test_the_head_of_a_further_request_has_a_timeout_too(server: Server) -> None:
    reader, writer = await server.connect()
    writer.write(ASK)
    await answer(reader)
    writer.write(HEAD)
    assert await said(reader) == b""


@pytest.mark.usefixtures("hurried")
async def test_a_request_that_arrived_in_time_is_answered_however_long_that_takes(server: Server) -> None:
    reader, writer = await server.connect()
    writer.write(ASK.replace(b"/", b"/slow", 1))
    await eventually(server.asked, until=lambda number: number == 1)
    await asyncio.sleep(0.5)  # longer than the head may take: the connection must outlive it
    server.release.set()
    assert (await answer(reader)).startswith(b"HTTP/1.1 200")


async def test_silent_connections_make_room_for_one_that_asks(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", NEVER)
    silent = [await server.connect() for _ in range(20)]
    reader, writer = await server.connect()
    writer.write(ASK)
    assert (await answer(reader)).startswith(b"HTTP/1.1 200")
    assert await server.open() <= 3
    for _, each in silent:
        each.close()


async def test_a_connection_between_two_requests_makes_room_after_those_that_never_asked(server: Server) -> None:
    asked_before, writer = await server.connect()
    writer.write(ASK)
    await answer(asked_before)
    for _ in range(20):
        await server.connect()
    writer.write(ASK)
    assert await answer(asked_before)


async def test_where_every_connection_waits_for_an_answer_one_more_gets_a_503(server: Server) -> None:
    waiting = [await server.connect() for _ in range(3)]
    for _, writer in waiting:
        writer.write(ASK.replace(b"/", b"/slow", 1))
    await eventually(server.asked, until=lambda number: number == 3)
    reader, _ = await server.connect()
    told = await said(reader)
    assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"retry-after: 1\r\n" in told
    server.release.set()
    assert [(await answer(reader))[:12] for reader, _ in waiting] == [b"HTTP/1.1 200"] * 3


async def test_what_is_not_http_is_told_so_with_the_security_headers(server: Server) -> None:
    reader, writer = await server.connect()
    writer.write(b"\x16\x03\x01\r\n\r\n")
    told = (await said(reader)).lower()
    assert told.startswith(b"http/1.1 400 ")
    assert all(f"{name}: {value}\r\n".lower().encode() in told for name, value in HEADERS.items())


def test_the_soft_limit_of_open_files_is_raised() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OTHER_FILES + 50, before[1]))
    try:
        assert connections_within(1_000) == min(1_000, before[1] - OTHER_FILES)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(before[1], file_limit.ENOUGH)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_where_few_files_may_be_open_fewer_connections_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (OTHER_FILES + 50, OTHER_FILES + 50))
    assert connections_within(1_000) == 50
    assert connections_within(10) == 10
