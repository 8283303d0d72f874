"""What is ready to be published, by address: each address has its lane, and a lane sends packs.

A lane never waits for a pack to fill. While some are on their way, what becomes ready gathers, so packs grow with
the load and add no latency without it (Nagle, "Congestion control in IP/TCP internetworks", 1984).

How much is on its way is limited. A process that gets little CPU sees its confirms late. If it published its whole
backlog at once, most would come too late, and it would be busy with publishing the same messages again. An
address whose queue does not confirm fills its own lane, and no other.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.wire.pack import is_packable

Address: TypeAlias = tuple[str, str]
"""An exchange and a routing key."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How large a pack may be, in messages and in bytes of their bodies, and how many may be on their way."""

    messages: int
    bytes: int
    on_their_way: int

    @classmethod
    def of(cls, messages: int) -> Self:
        """Packs of at most this many messages; each message alone, where it is one."""
        return cls(messages, 128 * 1024, 4) if messages > 1 else cls(1, 0, 64)


@dataclass(slots=True)
class Lane:
    """The rows of one address that are ready, in their order, and how many packs are on their way."""

    address: Address
    ready: deque[Stored]
    on_their_way: int = 0


class Lanes:
    """The lanes of one relay."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._lanes: dict[Address, Lane] = {}

    def add(self, row: Stored) -> Lane:
        """The row is ready; gives its lane."""
        address = (row.envelope.exchange, row.envelope.routing_key)
        lane = self._lanes.get(address)
        if lane is None:
            lane = self._lanes[address] = Lane(address, deque())
        lane.ready.append(row)
        return lane

    def may_send(self, lane: Lane) -> bool:
        """Whether something is ready, and one more may be on its way."""
        return bool(lane.ready) and lane.on_their_way < self._packing.on_their_way

    def take(self, lane: Lane) -> Sequence[Stored]:
        """The next pack, which is on its way from now on."""
        lane.on_their_way += 1
        rows = [lane.ready.popleft()]
        size = len(rows[0].envelope.body)
        if is_packable(rows[0].envelope):
            while lane.ready and len(rows) < self._packing.messages:
                envelope = lane.ready[0].envelope
                size += len(envelope.body)
                if size > self._packing.bytes or not is_packable(envelope):
                    break
                rows.append(lane.ready.popleft())
        return rows

    def arrived(self, lane: Lane) -> None:
        """A pack is on its way no longer."""
        lane.on_their_way -= 1
        if not (lane.ready or lane.on_their_way):
            self._lanes.pop(lane.address, None)

    def clear(self) -> None:
        """Forget all of it."""
        self._lanes.clear()
