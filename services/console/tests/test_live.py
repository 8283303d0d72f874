"""Live feeds: one look for all who listen, and none when nobody does."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from console import live
from console.live import Live
from waiting import eventually


class Watched:
    """Something that is looked at, and how often it was."""

    def __init__(self) -> None:
        self.looks = 0
        self.state = "first"

    async def look(self) -> str:
        self.looks += 1
        return self.state

    async def looked(self) -> int:
        return self.looks


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.01)


@pytest.fixture
async def feeds() -> AsyncIterator[Live]:
    async with Live() as feeds:
        yield feeds


async def test_all_who_listen_to_one_thing_share_its_looks(feeds: Live) -> None:
    first, second = Watched(), Watched()
    listeners = [feeds.events("it", watched.look) for watched in (first, second)]
    assert [(await anext(each)).raw_data for each in listeners] == ["first", "first"]
    assert second.looks == 0


async def test_only_a_change_is_told(feeds: Live) -> None:
    watched = Watched()
    events = feeds.events("it", watched.look)
    await anext(events)
    following = asyncio.ensure_future(anext(events))
    await eventually(watched.looked, until=lambda looks: looks >= 3)
    assert not following.done()
    watched.state = "second"
    assert (await asyncio.wait_for(following, 5)).raw_data == "second"


async def test_nobody_looks_when_the_last_listener_has_gone(feeds: Live) -> None:
    watched = Watched()
    events = feeds.events("it", watched.look)
    await anext(events)
    await events.aclose()  # type: ignore[attr-defined] # it is a generator
    looks = watched.looks
    await asyncio.sleep(0.05)
    assert watched.looks == looks


async def test_a_look_that_fails_ends_the_feed_for_all_and_the_next_listener_looks_anew(feeds: Live) -> None:
    async def fails() -> str:
        raise ValueError("no sight")

    with pytest.raises(ValueError, match="no sight"):
        await anext(feeds.events("it", fails))
    assert (await anext(feeds.events("it", Watched().look))).raw_data == "first"
