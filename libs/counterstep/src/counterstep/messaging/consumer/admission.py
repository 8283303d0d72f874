"""What begins something new waits at the door while as much is under way as can be done in time.

Whoever waits is not acknowledged, so the broker keeps the rest of the queue: a backlog stays where it is safe, and
costs this process `PREFETCH` deliveries at most (backpressure; Little, "A proof for the queuing formula", 1961).
"""

import asyncio
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.outbox.transaction import Transactions

LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit:
    """Deliveries of this queue are let in as far as there is room: how many more can be begun now."""

    queue: str
    room: Callable[[Transactions], Awaitable[int]]


async def _endless(_: Transactions) -> int:
    return sys.maxsize


UNLIMITED: Final = ConcurrencyLimit("", _endless)
"""Of nothing: whoever begins nothing lets everybody in."""


class AdmissionControl:
    """Lets deliveries through to `inside`, and holds those for which there is no room."""

    def __init__(self, admission: ConcurrencyLimit, inside: Callable[[Delivery], None]) -> None:
        self._admission = admission
        self._inside = inside
        self._held: deque[Delivery] = deque()
        self._somebody_waits = asyncio.Event()
        self._room = 0
        self._let_in = 0

    def receive(self, delivery: Delivery) -> None:
        """Let it in, or have it wait."""
        if delivery.queue != self._admission.queue:
            self._inside(delivery)
            return
        self._held.append(delivery)
        self._open()

    def done(self, delivery: Delivery) -> None:
        """It is off our hands, and whoever counts what is under way sees what came of it."""
        if delivery.queue == self._admission.queue:
            self._let_in -= 1

    async def run(self, transactions: Transactions) -> None:
        """Look for room whenever somebody waits, for ever. Raises what the look raises."""
        while True:
            await self._somebody_waits.wait()
            unseen = self._let_in  # before the look, which may see them or not
            self._room = await self._admission.room(transactions) - unseen
            self._open()
            await asyncio.sleep(LOOK_SECONDS)

    def _open(self) -> None:
        while self._held and self._room > 0:
            delivery = self._held.popleft()
            if not delivery.channel.is_closed:  # one of a channel that is gone is delivered again
                self._room -= 1
                self._let_in += 1
                self._inside(delivery)
        if self._held:
            self._somebody_waits.set()
        else:
            self._somebody_waits.clear()
