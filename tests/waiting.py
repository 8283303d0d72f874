"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")

POLL_SECONDS: Final = 0.05
TIMEOUT_SECONDS: Final = 30.0
"""Default timeout in seconds; generous, because a busy machine is slow."""


async def eventually(
    read: Callable[[], Awaitable[T]], *, until: Callable[[T], bool], within: float = TIMEOUT_SECONDS
) -> T:
    """Read again and again until the value fulfils `until`. Raises `AssertionError` with the last value."""
    deadline = time.monotonic() + within
    while not until(seen := await read()):
        assert time.monotonic() < deadline, f"not within {within} s; seen last: {seen}"
        await asyncio.sleep(POLL_SECONDS)
    return seen
