"""What is acknowledged of a channel's deliveries: never one that is not done; and nobody is hurt if it is gone."""

import asyncio
from typing import Any

import pytest
from counterstep.messaging.consumer.acknowledgements import Acknowledgement, Acknowledger, AckTracker
from counterstep.messaging.consumer.origin import Receipt
from hypothesis import given
from hypothesis import strategies as st

ORDERS = st.permutations(range(1, 13)).flatmap(
    lambda tags: st.lists(st.integers(0, 12), max_size=4).map(lambda cuts: (tags, sorted(cuts)))
)


def test_what_was_delivered_in_a_row_is_acknowledged_at_once() -> None:
    assert list(AckTracker().done([1, 2, 3])) == [Acknowledgement(3, multiple=True)]


def test_what_lies_beyond_a_delivery_that_is_still_on_its_way_is_acknowledged_alone() -> None:
    tracker = AckTracker()
    assert list(tracker.done([1, 3])) == [Acknowledgement(1, multiple=True), Acknowledgement(3, multiple=False)]
    assert list(tracker.done([2])) == [Acknowledgement(3, multiple=True)]


def test_what_is_done_twice_is_acknowledged_once() -> None:
    tracker = AckTracker()
    assert list(tracker.done([2, 2])) == [Acknowledgement(2, multiple=False)]
    assert not list(tracker.done([2]))
    assert list(tracker.done([1])) == [Acknowledgement(2, multiple=True)]
    assert not list(tracker.done([1, 2]))


@given(ORDERS)
def test_whatever_the_order_all_that_is_done_is_acknowledged_and_nothing_else(
    order: tuple[list[int], list[int]],
) -> None:
    tags, cuts = order
    tracker, done, acknowledged = AckTracker(), set[int](), set[int]()
    for start, end in zip([0, *cuts], [*cuts, len(tags)], strict=True):
        batch = tags[start:end]
        done.update(batch)
        for tag, multiple in tracker.done(batch):
            acknowledged.update(range(1, tag + 1) if multiple else [tag])
        assert acknowledged == done


class Closing:
    """A channel that is closed while bytes wait to be written: aiormq cancels the task that waits for them."""

    is_closed = False

    def __init__(self) -> None:
        self.sent = asyncio.Event()
        self.written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def basic_ack(self, *_: Any, **__: Any) -> None:
        self.sent.set()
        await self.written


async def settling(channel: Any) -> asyncio.Future[None]:
    task = asyncio.ensure_future(Acknowledger().done([Receipt(channel, 1)]))
    await channel.sent.wait()
    return task


async def test_a_connection_that_is_closed_meanwhile_does_not_end_the_acknowledging_task() -> None:
    channel = Closing()
    task = await settling(channel)
    channel.written.cancel()
    await task


async def test_a_task_that_is_cancelled_while_it_acknowledges_ends() -> None:
    task = await settling(Closing())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
