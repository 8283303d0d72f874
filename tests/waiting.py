"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")

BETWEEN_LOOKS: Final = 0.05
PATIENCE: Final = 30.0
"""Default timeout in seconds; generous, because a busy machine is slow."""


async def eventually(
    look: Callable[[], Awaitable[T]], *, until: Callable[[T], bool], within: float = PATIENCE
) -> T:
    """Look again and again until what is seen will do. Raises `AssertionError` with what was seen last."""
    deadline = time.monotonic() + within
    while not until(seen := await look()):
        assert time.monotonic() < deadline, f"not within {within} s; seen last: {seen}"
        await asyncio.sleep(BETWEEN_LOOKS)
    return seen
