"""Admission control admits as many deliveries as there is room for, however late they are counted."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from counterstep.messaging.consumer.admission import AdmissionControl, ConcurrencyLimit
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from envelopes import delivered
from waiting import eventually

QUEUE = delivered().queue


class Channel:
    """One that can be closed."""

    is_closed = False


class Limited:
    """The capacity, what was admitted, and how much of that has been counted."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.admitted: list[Delivery] = []
        self.counted = 0
        self.looks = 0
        self.control = AdmissionControl(ConcurrencyLimit(QUEUE, self.look), self.admitted.append)

    async def look(self, _: PlatformTransactions) -> int:
        self.looks += 1
        return self.room - self.counted

    async def looked(self) -> None:
        """Wait for two more looks: when the second one comes, the first has had its effect."""
        enough = self.looks + 2
        await eventually(self.looks_so_far, until=lambda looks: looks >= enough)

    async def looks_so_far(self) -> int:
        return self.looks

    async def admitted_so_far(self) -> list[Delivery]:
        return self.admitted


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterstep.messaging.consumer.admission.LOOK_SECONDS", 0)


@contextmanager
def looking(limited: Limited) -> Iterator[None]:
    """Inside the block the control looks for room."""
    running = asyncio.ensure_future(limited.control.run(cast(PlatformTransactions, None)))
    try:
        yield
    finally:
        running.cancel()


async def test_as_many_are_admitted_as_there_is_room_for_and_in_their_order() -> None:
    limited, came = Limited(room=2), [delivered() for _ in range(5)]
    with looking(limited):
        for delivery in came:
            limited.control.receive(delivery)
        await limited.looked()
        assert limited.admitted == came[:2]


async def test_what_is_admitted_and_not_yet_counted_takes_up_room() -> None:
    limited = Limited(room=3)
    with looking(limited):
        for _ in range(5):
            limited.control.receive(delivered())
        await limited.looked()
        assert len(limited.admitted) == 3
        limited.counted = 1
        limited.control.done()
        await limited.looked()
        assert len(limited.admitted) == 3


async def test_when_what_is_under_way_ends_the_next_are_admitted() -> None:
    limited, came = Limited(room=2), [delivered() for _ in range(5)]
    with looking(limited):
        for delivery in came:
            limited.control.receive(delivery)
        await limited.looked()
        for _ in list(limited.admitted):
            limited.control.done()
        await limited.looked()
        assert limited.admitted == came[:4]


async def test_a_held_delivery_whose_channel_is_closed_is_left_to_its_next_delivery() -> None:
    limited, channel = Limited(room=2), Channel()
    lost, again = delivered(channel), delivered()
    limited.control.receive(lost)
    limited.control.receive(again)
    channel.is_closed = True
    with looking(limited):
        assert await eventually(limited.admitted_so_far, until=bool) == [again]
