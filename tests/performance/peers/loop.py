"""A closed loop over anything that can be awaited. It also runs where only the standard library is."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Span: TypeAlias = tuple[float, float]
"""When a saga was begun and when it had ended, in seconds of the Unix clock."""


class Loop:
    """This many at once, each of which begins a saga when its last has ended."""

    def __init__(self, saga: Callable[[], Awaitable[object]]) -> None:
        self._saga = saga
        self._closing = False

    async def run(self, at_once: int) -> list[Span]:
        """Go on until it is closed."""
        spans: list[Span] = []
        self._closing = False
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(self._keep_on(spans))
        return spans

    def close(self) -> None:
        """Let each saga be its client's last."""
        self._closing = True

    async def _keep_on(self, spans: list[Span]) -> None:
        while not self._closing:
            begun = time.time()
            await self._saga()
            spans.append((begun, time.time()))
