"""A task that lives as long as its process: when what it needs is lost, it is run again, with backoff."""

import asyncio
import random
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

import structlog

LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger()


def pause_seconds(failures: int) -> float:
    """Exponential backoff with full jitter after so many failures in a row, from 0.1 s to 5 s."""
    ceiling = min(LONGEST_PAUSE_SECONDS, 0.1 * 2.0 ** min(failures, 16))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter needs no cryptography


def is_cancelled() -> bool:
    """Whether it is this task that is to end; else a `CancelledError` tells of something that it waited for.

    aiormq cancels what waits for the bytes of a connection that it closes.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def keep_alive(name: str, run: Callable[[], Awaitable[None]]) -> NoReturn:
    """Run it again whenever it ends or raises; a run of over a minute counts as a fresh start."""
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
    """What it raised. In a task of its own, because only so its cancellation is told from that of what it awaits.

    (A `TaskGroup` of Python 3.11 leaves its task's count of cancellations as if somebody had asked for one.)
    """
    running = asyncio.ensure_future(run())
    try:
        await asyncio.wait({running})
    except CancelledError:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        raise
    return CancelledError("what it waited for was cancelled") if running.cancelled() else running.exception()


def _reason(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_reason(inner) for inner in error.exceptions)
    return repr(error)
