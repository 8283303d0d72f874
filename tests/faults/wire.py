"""A TCP proxy between one service and one server, with faults that can be switched on while bytes flow.

It runs in a thread of its own, so that it goes on whatever the test's event loop does.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from infra.machine.loopback import LOOPBACK

from faults.link import Fault, Link


class Wire:
    """Listens on a free port and passes everything on, but for its `fault`."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.links: set[Link] = set()
        self._target = port
        self._fault = Fault()
        self._harmed_before = 0
        self._listening = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def harmed(self) -> int:
        """How many connections have lost bytes so far."""
        return self._harmed_before + sum(link.harmed for link in list(self.links))

    @contextmanager
    def with_fault(self, fault: Fault, *, cuts_at_end: bool = True) -> Iterator[None]:
        """Inside the block the fault acts on every connection, old and new.

        Those that lost bytes are cut at its end; or stay half open, if that is part of the fault.
        """
        self._fault = fault
        try:
            yield
        finally:
            self._fault = Fault()
            if cuts_at_end:
                self.cut(harmed_only=True)

    def cut(self, *, harmed_only: bool = False) -> None:
        """End connections at once, as a failing network does."""
        for link in list(self.links):
            if link.harmed or not harmed_only:
                self._loop.call_soon_threadsafe(link.abort)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._connected, LOOPBACK, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        async with server:
            await self._ended.wait()
            self.cut()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            writer.transport.abort()
            return
        link = Link((reader, writer), there)
        self.links.add(link)
        await link.carry(lambda: self._fault)
        self.links.discard(link)
        self._harmed_before += link.harmed
