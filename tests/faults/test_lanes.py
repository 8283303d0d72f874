"""What goes to one address travels together, and never more of it than can be confirmed in time."""

import asyncio
from uuid import UUID, uuid4

import pytest
from counterstep.messaging.outbox.lanes import Packing
from relayed import Relayed, Row, running
from waiting import eventually

ALONE = Packing.of(1).on_their_way
BEHIND = 200
OF_ANOTHER_ADDRESS = 5


class Counter:
    """A permit that is withheld at first, and counts how many messages are on their way at once."""

    def __init__(self) -> None:
        self.given = asyncio.Event()
        self.under_way = 0
        self.most = 0

    async def __call__(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.given.wait()
        finally:
            self.under_way -= 1


def to(routing_key: str, count: int) -> list[Row]:
    """A row of each of this many sagas, to this address."""
    return [Row(uuid4(), routing_key=routing_key) for _ in range(count)]


async def test_a_backlog_is_published_a_window_at_a_time_and_fills_no_other_address(place: Relayed) -> None:
    permit = Counter()

    async def most() -> int:
        return permit.most

    relay = place.relay(permit=permit)
    async with running(relay):
        written: list[UUID] = await place.commit(
            relay, [*to("thing.here", BEHIND), *to("thing.there", OF_ANOTHER_ADDRESS)]
        )
        await eventually(most, until=lambda count: count == ALONE + OF_ANOTHER_ADDRESS)
        permit.given.set()
        await place.everything_published()
    assert permit.most == ALONE + OF_ANOTHER_ADDRESS
    assert sorted(await place.arrived()) == sorted(written)


@pytest.mark.parametrize(("pack_messages", "sizes"), [(1, [1] * 120), (50, [50, 50, 20])], ids=["alone", "packs"])
async def test_what_is_ready_together_travels_together(
    place: Relayed, pack_messages: int, sizes: list[int]
) -> None:
    written = await place.write(to("thing", 120))
    async with running(place.relay(pack_messages=pack_messages)):
        await place.everything_published()
    packs = await place.packs()
    assert [len(pack) for pack in packs] == sizes
    assert sorted(UUID(each) for pack in packs for each in pack) == sorted(written)


async def test_messages_of_one_saga_keep_their_order_in_packs(place: Relayed) -> None:
    sagas = [uuid4() for _ in range(60)]
    written = await place.write([Row(saga) for _ in range(3) for saga in sagas])
    async with running(place.relay(pack_messages=25)):
        await place.everything_published()
    when = {message_id: nth for nth, message_id in enumerate(await place.arrived())}
    for nth in range(60):
        first, second, third = (when[written[nth + 60 * turn]] for turn in range(3))
        assert first < second < third


async def test_a_pack_that_finds_no_queue_is_waited_for_whole(place: Relayed) -> None:
    written = await place.write(to("nobody", 10))
    async with running(place.relay(pack_messages=100)):
        await eventually(place.refusals, until=(10).__eq__)
        await place.queue.bind("open", "nobody")
        await place.everything_published()
    assert sorted(await place.arrived()) == sorted(written)
