"""Who waits at the door, and for how long: as many are let in as there is room for, whatever is counted late."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from counterstep.messaging.consumer.admission import UNLIMITED, AdmissionControl, ConcurrencyLimit
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.outbox.transaction import Transactions
from envelopes import delivered
from waiting import eventually

QUEUE = delivered().queue


class Channel:
    """One that can be closed."""

    is_closed = False


class House:
    """What a door leads to: room for so many, who is inside, and how many of them have been seen by who counts."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.inside: list[Delivery] = []
        self.seen = 0
        self.looks = 0
        self.door = AdmissionControl(ConcurrencyLimit(QUEUE, self.look), self.inside.append)

    async def look(self, _: Transactions) -> int:
        self.looks += 1
        return self.room - self.seen

    async def looked(self) -> None:
        """Wait for two more looks: when the second comes, use has been made of the first."""
        enough = self.looks + 2
        await eventually(self.looks_so_far, until=lambda looks: looks >= enough)

    async def looks_so_far(self) -> int:
        return self.looks

    async def who_is_inside(self) -> list[Delivery]:
        return self.inside


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterstep.messaging.consumer.admission.LOOK_SECONDS", 0)


@contextmanager
def kept(house: House) -> Iterator[None]:
    """Inside the block somebody keeps the door."""
    keeper = asyncio.ensure_future(house.door.run(cast(Transactions, None)))
    try:
        yield
    finally:
        keeper.cancel()


async def test_as_many_are_let_in_as_there_is_room_for_and_in_their_order() -> None:
    house, came = House(room=2), [delivered() for _ in range(5)]
    with kept(house):
        for delivery in came:
            house.door.receive(delivery)
        await house.looked()
        assert house.inside == came[:2]


async def test_who_is_let_in_and_not_yet_counted_takes_up_room() -> None:
    house = House(room=3)
    with kept(house):
        for _ in range(5):
            house.door.receive(delivered())
        await house.looked()
        assert len(house.inside) == 3
        house.seen = 1
        house.door.done(house.inside[0])
        await house.looked()
        assert len(house.inside) == 3


async def test_when_what_is_under_way_ends_the_next_are_let_in() -> None:
    house, came = House(room=2), [delivered() for _ in range(5)]
    with kept(house):
        for delivery in came:
            house.door.receive(delivery)
        await house.looked()
        for delivery in house.inside[:2]:
            house.door.done(delivery)
        await house.looked()
        assert house.inside == came[:4]


async def test_one_whose_channel_is_gone_is_left_to_its_next_delivery() -> None:
    house, channel = House(room=2), Channel()
    lost, again = delivered(channel), delivered()
    house.door.receive(lost)
    house.door.receive(again)
    channel.is_closed = True
    with kept(house):
        assert await eventually(house.who_is_inside, until=bool) == [again]


def test_who_begins_nothing_is_let_in_at_once() -> None:
    inside: list[Delivery] = []
    AdmissionControl(UNLIMITED, inside.append).receive(one := delivered())
    assert inside == [one]
