"""What a lost connection cancels is an interruption; only who is cancelled itself ends."""

import asyncio

import pytest
from messaging.keep_alive import keep_alive

SOON = 10  # seconds; what has not come by then does not come


class Runs:
    """Waits for something that is cancelled the first time, and for ever the second."""

    def __init__(self) -> None:
        self.again = asyncio.Event()
        lost = asyncio.get_running_loop().create_future()
        lost.cancel()
        self._lost = [lost]

    async def run(self) -> None:
        if self._lost:
            await self._lost.pop()
        self.again.set()
        await asyncio.Event().wait()


async def test_a_task_whose_wait_was_cancelled_runs_again_and_ends_when_it_is_cancelled_itself() -> None:
    runs = Runs()
    task = asyncio.create_task(keep_alive("a task", runs.run))
    async with asyncio.timeout(SOON):
        await runs.again.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
