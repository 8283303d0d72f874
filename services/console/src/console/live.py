"""Live pages: one poller for each view, shared by all its viewers. Without a viewer there is no poller.

A poller renders a fragment of HTML every second and sends it to its viewers when it has changed. The number of
viewers is bounded, because each view of its own asks every service once in a second.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Annotated, Final, Self, TypeAlias

from counterstep.http.problems import Problem
from fastapi import Depends, Request
from fastapi.sse import ServerSentEvent

EVERY: Final = 1.0
"""Seconds between two renderings."""

MOST_VIEWERS: Final = 200
RETRY_SECONDS: Final = 30

Render: TypeAlias = Callable[[], Awaitable[str]]
"""Renders once: HTML that is the same for every viewer."""


class Feed:
    """One poller and what it rendered last. It runs until it is stopped."""

    def __init__(self, render: Render) -> None:
        self.listeners = 0
        self._render = render
        self._rendered: str | None = None
        self._ended = False
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._run())

    async def follow(self) -> AsyncIterator[str]:
        """Yield the current HTML, and again each time that it has changed."""
        shown: str | None = None
        while True:
            async with self._changed:
                while not self._ended and self._rendered == shown:
                    await self._changed.wait()
                shown = self._rendered
            if self._ended or shown is None:
                return
            yield shown

    async def stop(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        try:
            while True:
                rendered = await self._render()
                if rendered != self._rendered:
                    async with self._changed:
                        self._rendered = rendered
                        self._changed.notify_all()
                await asyncio.sleep(EVERY)
        finally:
            async with self._changed:
                self._ended = True
                self._changed.notify_all()


class Live:
    """The feeds that have at least one viewer, by what they show."""

    def __init__(self) -> None:
        self._feeds: dict[Hashable, Feed] = {}
        self._viewers = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for feed in list(self._feeds.values()):  # a viewer that leaves removes its feed from the dict
            await feed.stop()

    @contextmanager
    def viewer(self) -> Iterator[None]:
        """One viewer more, inside the block. Raises `Problem` (503) where there are `MOST_VIEWERS` already."""
        if self._viewers >= MOST_VIEWERS:
            full = (
                f"{MOST_VIEWERS} pages are live, which is the most: close some of them, or reload this one later"
            )
            raise Problem(503, full, headers={"Retry-After": str(RETRY_SECONDS)})
        self._viewers += 1
        try:
            yield
        finally:
            self._viewers -= 1

    async def events(self, what: Hashable, render: Render) -> AsyncIterator[ServerSentEvent]:
        """Server-sent events of one feed. Viewers of the same `what` share the `render` of the first."""
        if what not in self._feeds:
            self._feeds[what] = Feed(render)
        feed = self._feeds[what]
        feed.listeners += 1
        try:
            async for html in feed.follow():
                yield ServerSentEvent(raw_data=html)
        finally:
            feed.listeners -= 1
            if not feed.listeners:
                del self._feeds[what]
                await feed.stop()


async def live(request: Request) -> AsyncIterator[Live]:
    """The feeds, for one viewer more until its answer has ended."""
    found: Live = request.app.state.live
    with found.viewer():
        yield found


LiveFeeds = Annotated[Live, Depends(live)]
