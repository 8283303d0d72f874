"""What a lost connection cancels is an interruption; only who is cancelled itself ends."""

import asyncio

import pytest
from counterstep.messaging.consumer.keep_alive import keep_alive

SOON = 10  # seconds; what has not come by then does not come


class Runs:
    """Waits for a task that is cancelled the first time, and waits without end the second."""

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


class Groups:
    """Fails again and again by a task of a group, which on Python 3.11 looks as if somebody had cancelled it."""

    def __init__(self) -> None:
        self.runs = 0
        self.again = asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        if self.runs > 1:
            self.again.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fail())

    async def _fail(self) -> None:
        await asyncio.sleep(0)
        raise ConnectionError("lost")


async def test_a_task_whose_group_has_failed_runs_again() -> None:
    groups = Groups()
    task = asyncio.create_task(keep_alive("a task", groups.run))
    async with asyncio.timeout(SOON):
        await groups.again.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
