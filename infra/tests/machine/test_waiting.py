import asyncio

import pytest
from infra.machine.waiting import together, until_ready


async def test_waiting_ends_when_nothing_is_missing() -> None:
    answers = iter(["the disk", "the network", None])

    async def missing() -> str | None:
        return next(answers)

    await until_ready(missing, within=5)
    assert next(answers, "asked no more") == "asked no more"


async def test_waiting_in_vain_says_what_was_missing() -> None:
    async def missing() -> str:
        return "the disk"

    with pytest.raises(TimeoutError, match="not ready after 0 s: the disk"):
        await until_ready(missing, within=0.01)


async def test_the_first_failure_stops_the_rest_and_is_raised_as_it_is() -> None:
    stopped = asyncio.Event()

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def failing() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await together(long(), failing())
    assert stopped.is_set()
