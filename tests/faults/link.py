"""One connection through a wire, and what a fault does to its bytes."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

End: TypeAlias = tuple[StreamReader, StreamWriter]

CHUNK = 65_536
INTRODUCTION = 4_096
"""A client says who it is in its first bytes: this many of them are kept."""


@dataclass(frozen=True)
class Fault:
    """What happens to the bytes of those connections whose client introduces itself with `of`.

    Requests or answers may be swallowed, everything may be late, and the connection may break when the client has
    said `cut_after`: the server receives that, and its answer is lost.
    """

    of: bytes = b""
    swallows_requests: bool = False
    swallows_answers: bool = False
    seconds_late: float = 0.0
    cut_after: bytes | None = None


NO_ANSWERS = Fault(swallows_requests=True, swallows_answers=True)


class Link:
    """A client's connection and the server's, joined. One that has lost bytes never carries any again."""

    def __init__(self, here: End, there: End) -> None:
        self.harmed = False
        self._here, self._there = here, there
        self._introduction = b""
        self._answer_is_lost = False

    async def carry(self, fault: Callable[[], Fault]) -> None:
        """Pass bytes both ways until either end closes."""
        ways = [self._requests(fault), self._answers(fault)]
        _, open_ways = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
        for way in open_ways:
            way.cancel()
        self.abort()

    def abort(self) -> None:
        """Close both ends without a word."""
        for _, writer in (self._here, self._there):
            writer.transport.abort()

    async def _requests(self, fault: Callable[[], Fault]) -> None:
        while data := await _read(self._here):
            self._introduction += data[: INTRODUCTION - len(self._introduction)]
            acting = self._acting(fault())
            self._answer_is_lost |= acting.cut_after is not None and acting.cut_after in data
            await self._pass_on(data, self._there, acting, swallow=acting.swallows_requests or self.harmed)

    async def _answers(self, fault: Callable[[], Fault]) -> None:
        while data := await _read(self._there):
            if self._answer_is_lost:
                self.harmed = True
                return
            acting = self._acting(fault())
            await self._pass_on(data, self._here, acting, swallow=acting.swallows_answers or self.harmed)

    def _acting(self, fault: Fault) -> Fault:
        return fault if fault.of in self._introduction else Fault()

    async def _pass_on(self, data: bytes, to: End, fault: Fault, *, swallow: bool) -> None:
        if swallow:
            self.harmed = True
            return
        if fault.seconds_late:
            await asyncio.sleep(fault.seconds_late)  # the fault itself: a slow network
        _, writer = to
        writer.write(data)
        with suppress(OSError):
            await writer.drain()


async def _read(end: End) -> bytes:
    """The next bytes; none if the connection has ended."""
    reader, _ = end
    try:
        return await reader.read(CHUNK)
    except OSError:
        return b""
