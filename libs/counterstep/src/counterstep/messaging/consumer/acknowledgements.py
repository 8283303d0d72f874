"""One acknowledgement covers all deliveries of a channel up to the last one that is done without a gap.

The broker numbers the deliveries of a channel from 1, without a gap. A number that has not been seen yet is a
delivery that is on its way or still being handled, so deliveries beyond it are acknowledged one by one.
"""

from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from weakref import WeakKeyDictionary

from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from aiormq.abc import AbstractChannel

from counterstep.messaging.consumer.origin import Receipt
from counterstep.messaging.wire.cancellation import is_cancelled


class Acknowledgement(NamedTuple):
    """Acknowledges the delivery `tag`; with `multiple`, every earlier one too."""

    tag: int
    multiple: bool


class AckTracker:
    """Keeps track of which deliveries of one channel are done."""

    def __init__(self) -> None:
        self._all_up_to = 0
        self._beyond: set[int] = set()

    def done(self, tags: Iterable[int]) -> Iterator[Acknowledgement]:
        """Mark these as done; yields what to send to the broker, which accepts no delivery twice."""
        done, before = sorted(set(tags) - self._beyond), self._all_up_to
        self._beyond.update(done)
        while self._all_up_to + 1 in self._beyond:
            self._all_up_to += 1
            self._beyond.discard(self._all_up_to)
        if self._all_up_to > before:
            yield Acknowledgement(self._all_up_to, multiple=True)
        yield from (Acknowledgement(tag, multiple=False) for tag in done if tag > self._all_up_to)


class PartTracker:
    """Keeps track of which parts of the packs of one channel are done."""

    def __init__(self) -> None:
        self._done: dict[int, set[int]] = {}

    def whole(self, tag: int, part: int, parts: int) -> bool:
        """Mark this part as done; gives whether it was the last one of its pack."""
        done = self._done.setdefault(tag, set())
        done.add(part)
        if len(done) < parts:
            return False
        del self._done[tag]
        return True


class Acknowledger:
    """Acknowledges deliveries. If their channel is closed, they come again and are answered from the inbox."""

    def __init__(self) -> None:
        self._trackers: WeakKeyDictionary[AbstractChannel, AckTracker] = WeakKeyDictionary()
        self._packs: WeakKeyDictionary[AbstractChannel, PartTracker] = WeakKeyDictionary()

    async def done(self, receipts: Iterable[Receipt]) -> None:
        """Acknowledge deliveries that were settled; a pack, as soon as all its messages were."""
        tags: dict[AbstractChannel, list[int]] = {}
        for channel, tag, part, parts in receipts:
            if parts == 1 or self._packs.setdefault(channel, PartTracker()).whole(tag, part, parts):
                tags.setdefault(channel, []).append(tag)
        for channel, done in tags.items():
            with _ignore_closed_channel():
                for tag, multiple in self._tracker(channel).done(done):
                    await channel.basic_ack(tag, multiple=multiple)

    def _tracker(self, channel: AbstractChannel) -> AckTracker:
        return self._trackers.setdefault(channel, AckTracker())


@contextmanager
def _ignore_closed_channel() -> Iterator[None]:
    with suppress(AMQPError, ChannelInvalidStateError, ConnectionError):
        try:
            yield
        except CancelledError:
            if is_cancelled():
                raise
