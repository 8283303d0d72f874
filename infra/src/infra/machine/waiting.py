"""Waiting for what has no event to wait on."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

# Often enough not to be felt, seldom enough not to be a load.
INTERVAL = 0.05

# What is still missing, in words; None when nothing is.
Check = Callable[[], Awaitable[str | None]]


async def until_ready(check: Check, within: float) -> None:
    """Ask until nothing is missing. Raises TimeoutError with the last answer after `within` seconds."""
    missing: str | None = "no answer"
    try:
        async with asyncio.timeout(within):
            while missing := await check():  # noqa: ASYNC110 - other processes cannot set an event of this one
                await asyncio.sleep(INTERVAL)
    except TimeoutError:
        raise TimeoutError(f"not ready after {within:.0f} s: {missing}") from None


async def together(*work: Coroutine[None, None, None]) -> None:
    """Run all of them at once. The first exception stops the rest and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
