"""A task that lives as long as its process: when it ends or fails, it is run again, with backoff."""

import asyncio
import random
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

import structlog

LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger()


def pause_seconds(failures: int) -> float:
    """How long to wait after this many failures in a row: exponential backoff with jitter, from 0.05 s to 5 s."""
    ceiling = min(LONGEST_PAUSE_SECONDS, 0.1 * 2.0 ** min(failures, 16))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter needs no cryptography


async def keep_alive(name: str, run: Callable[[], Awaitable[None]]) -> NoReturn:
    """Run it, and again whenever it ends or raises. A run of over a minute resets the backoff."""
    clock = asyncio.get_running_loop().time
    failures = 0
    while True:
        started = clock()
        error = await _run_to_its_end(run)
        if error is not None:
            failures = 0 if clock() - started > 60 else failures + 1  # noqa: PLR2004 - one minute
            pause = pause_seconds(failures)
            log.warning("interrupted, will run again", task=name, error=_reason(error), in_seconds=round(pause, 1))
            await asyncio.sleep(pause)


async def _run_to_its_end(run: Callable[[], Awaitable[None]]) -> BaseException | None:
    """Return what it raised, or `None`.

    It runs in a task of its own. Only so can its own cancellation be distinguished from one of an awaited task: a
    `TaskGroup` of Python 3.11 leaves the count of its task's cancellations raised.
    """
    running = asyncio.ensure_future(run())
    try:
        await asyncio.wait({running})
    except CancelledError:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        raise
    return CancelledError("what it awaited was cancelled") if running.cancelled() else running.exception()


def _reason(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_reason(inner) for inner in error.exceptions)
    return repr(error)
