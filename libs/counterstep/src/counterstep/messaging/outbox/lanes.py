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
from typing import NamedTuple, Self, TypeAlias
from uuid import UUID

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


class Ready(NamedTuple):
    """The first message of a saga's chain: the size of its body in bytes, and whether it must go alone."""

    saga_id: UUID
    size: int
    alone: bool


@dataclass(slots=True)
class Lane:
    """What is ready for one address, in its order, and how many packs are on their way."""

    address: Address
    ready: deque[Ready]
    on_their_way: int = 0


class Lanes:
    """The lanes of one relay."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._lanes: dict[Address, Lane] = {}

    @property
    def packs(self) -> bool:
        """Whether messages may travel together."""
        return self._packing.messages > 1

    def add(self, address: Address, ready: Ready) -> Lane:
        """A message to this address is ready; gives its lane."""
        lane = self._lanes.get(address)
        if lane is None:
            lane = self._lanes[address] = Lane(address, deque())
        lane.ready.append(ready)
        return lane

    def may_send(self, lane: Lane) -> bool:
        """Whether something is ready, and one more may be on its way."""
        return bool(lane.ready) and lane.on_their_way < self._packing.on_their_way

    def take(self, lane: Lane) -> Sequence[UUID]:
        """The sagas whose first messages are the next pack, which is on its way from now on."""
        lane.on_their_way += 1
        first = lane.ready.popleft()
        sagas, size = [first.saga_id], first.size
        while not first.alone and lane.ready and len(sagas) < self._packing.messages:
            size += lane.ready[0].size
            if size > self._packing.bytes or lane.ready[0].alone:
                break
            sagas.append(lane.ready.popleft().saga_id)
        return sagas

    def arrived(self, lane: Lane) -> None:
        """A pack is on its way no longer."""
        lane.on_their_way -= 1
        if not (lane.ready or lane.on_their_way):
            self._lanes.pop(lane.address, None)

    def clear(self) -> None:
        """Forget all of it."""
        self._lanes.clear()
