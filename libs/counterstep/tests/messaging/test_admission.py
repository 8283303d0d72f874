"""Admission control admits as many deliveries as there are free places, however late they are counted."""

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

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.admitted: list[Delivery] = []
        self.counted = 0
        self.counts = 0
        self.control = AdmissionControl(ConcurrencyLimit(QUEUE, self.free_places), self.admitted.append)

    async def free_places(self, _: PlatformTransactions) -> int:
        self.counts += 1
        return self.capacity - self.counted

    async def counted_again(self) -> None:
        """Wait for two more counts: when the second one comes, the first has had its effect."""
        enough = self.counts + 2
        await eventually(self.counts_so_far, until=lambda counts: counts >= enough)

    async def counts_so_far(self) -> int:
        return self.counts

    async def admitted_so_far(self) -> list[Delivery]:
        return self.admitted


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterstep.messaging.consumer.admission.COUNT_EVERY_SECONDS", 0)


@contextmanager
def counting(limited: Limited) -> Iterator[None]:
    """Inside the block the control counts the free places."""
    running = asyncio.ensure_future(limited.control.run(cast(PlatformTransactions, None)))
    try:
        yield
    finally:
        running.cancel()


async def test_as_many_are_admitted_as_places_are_free_and_in_their_order() -> None:
    limited, came = Limited(capacity=2), [delivered() for _ in range(5)]
    with counting(limited):
        for delivery in came:
            limited.control.receive(delivery)
        await limited.counted_again()
        assert limited.admitted == came[:2]


async def test_an_admitted_delivery_takes_up_a_place_before_it_is_counted() -> None:
    limited = Limited(capacity=3)
    with counting(limited):
        for _ in range(5):
            limited.control.receive(delivered())
        await limited.counted_again()
        assert len(limited.admitted) == 3
        limited.counted = 1
        limited.control.done()
        await limited.counted_again()
        assert len(limited.admitted) == 3


async def test_the_next_are_admitted_when_earlier_ones_have_ended() -> None:
    limited, came = Limited(capacity=2), [delivered() for _ in range(5)]
    with counting(limited):
        for delivery in came:
            limited.control.receive(delivery)
        await limited.counted_again()
        for _ in list(limited.admitted):
            limited.control.done()
        await limited.counted_again()
        assert limited.admitted == came[:4]


async def test_a_held_delivery_whose_channel_is_closed_is_left_to_its_next_delivery() -> None:
    limited, channel = Limited(capacity=2), Channel()
    lost, again = delivered(channel), delivered()
    limited.control.receive(lost)
    limited.control.receive(again)
    channel.is_closed = True
    with counting(limited):
        assert await eventually(limited.admitted_so_far, until=bool) == [again]
