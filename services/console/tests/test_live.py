"""Live feeds: one poller for all viewers, and none without a viewer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from console import live
from console.live import Live
from waiting import eventually


class Source:
    """A view that counts its renderings."""

    def __init__(self) -> None:
        self.renderings = 0
        self.state = "first"

    async def render(self) -> str:
        self.renderings += 1
        return self.state

    async def count(self) -> int:
        return self.renderings


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.01)


@pytest.fixture
async def feeds() -> AsyncIterator[Live]:
    async with Live() as feeds:
        yield feeds


async def test_all_viewers_of_one_view_share_its_renderings(feeds: Live) -> None:
    first, second = Source(), Source()
    listeners = [feeds.events("it", source.render) for source in (first, second)]
    assert [(await anext(each)).raw_data for each in listeners] == ["first", "first"]
    assert second.renderings == 0


async def test_only_a_change_is_sent(feeds: Live) -> None:
    source = Source()
    events = feeds.events("it", source.render)
    await anext(events)
    following = asyncio.ensure_future(anext(events))
    await eventually(source.count, until=lambda renderings: renderings >= 3)
    assert not following.done()
    source.state = "second"
    assert (await asyncio.wait_for(following, 5)).raw_data == "second"


async def test_polling_stops_when_the_last_viewer_leaves(feeds: Live) -> None:
    source = Source()
    events = feeds.events("it", source.render)
    await anext(events)
    await events.aclose()  # type: ignore[attr-defined] # it is a generator
    renderings = source.renderings
    await asyncio.sleep(0.05)
    assert source.renderings == renderings


async def test_a_failed_rendering_ends_the_feed_and_the_next_viewer_starts_another(feeds: Live) -> None:
    async def fails() -> str:
        raise ValueError("no rendering")

    with pytest.raises(ValueError, match="no rendering"):
        await anext(feeds.events("it", fails))
    assert (await anext(feeds.events("it", Source().render))).raw_data == "first"


async def test_closing_ends_every_feed_and_its_viewers() -> None:
    async with Live() as feeds:
        listeners = [feeds.events(name, Source().render) for name in ("one", "other")]
        for each in listeners:
            await anext(each)
        following = [asyncio.ensure_future(anext(each, None)) for each in listeners]
        await asyncio.sleep(0)  # until they wait
    assert await asyncio.gather(*following) == [None, None]
