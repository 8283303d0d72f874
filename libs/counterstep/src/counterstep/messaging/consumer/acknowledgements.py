"""One acknowledgement for all deliveries of a channel up to the last that is done without a gap.

The broker numbers a channel's deliveries from 1 without a gap, so a number that was not heard of is a delivery on
its way to us: what lies beyond it is acknowledged alone.
"""

from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from weakref import WeakKeyDictionary

from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from aiormq.abc import AbstractChannel

from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.keep_alive import is_cancelled


class Acknowledgement(NamedTuple):
    """Of this delivery; with `multiple`, also of all before it."""

    tag: int
    multiple: bool


class AckTracker:
    """Which deliveries of one channel are done."""

    def __init__(self) -> None:
        self._all_up_to = 0
        self._beyond: set[int] = set()

    def done(self, tags: Iterable[int]) -> Iterator[Acknowledgement]:
        """These are done now: what to tell the broker, which must hear of none twice."""
        done, before = sorted(set(tags) - self._beyond), self._all_up_to
        self._beyond.update(done)
        while self._all_up_to + 1 in self._beyond:
            self._all_up_to += 1
            self._beyond.discard(self._all_up_to)
        if self._all_up_to > before:
            yield Acknowledgement(self._all_up_to, multiple=True)
        yield from (Acknowledgement(tag, multiple=False) for tag in done if tag > self._all_up_to)


class Acknowledger:
    """Tells the broker what is done; where the channel is gone, the inbox answers the redelivery."""

    def __init__(self) -> None:
        self._tallies: WeakKeyDictionary[AbstractChannel, AckTracker] = WeakKeyDictionary()

    async def done(self, deliveries: Iterable[Delivery]) -> None:
        """These are handled."""
        tags: dict[AbstractChannel, list[int]] = {}
        for each in deliveries:
            tags.setdefault(each.channel, []).append(each.tag)
        for channel, done in tags.items():
            with _ignore_closed_channel():
                for tag, multiple in self._tally(channel).done(done):
                    await channel.basic_ack(tag, multiple=multiple)

    async def given_up(self, delivery: Delivery) -> None:
        """Leave it to the broker's own dead lettering; where the channel is gone, it is delivered again."""
        with _ignore_closed_channel():
            await delivery.channel.basic_reject(delivery.tag, requeue=False)
            list(self._tally(delivery.channel).done([delivery.tag]))

    def _tally(self, channel: AbstractChannel) -> AckTracker:
        return self._tallies.setdefault(channel, AckTracker())


@contextmanager
def _ignore_closed_channel() -> Iterator[None]:
    with suppress(AMQPError, ChannelInvalidStateError, ConnectionError):
        try:
            yield
        except CancelledError:
            if is_cancelled():
                raise
