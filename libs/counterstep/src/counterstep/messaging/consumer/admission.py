"""Admission control: a delivery that would begin something new is held while the concurrency limit is reached.

A held delivery is not acknowledged, so the broker keeps the rest of the queue. A backlog therefore stays where it
is safe, and costs this process at most `PREFETCH` deliveries (backpressure; Little, "A proof for the queuing
formula", 1961).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions

LOOK_SECONDS: Final = 0.1
"""The shortest time between two looks at the database for free places, in seconds."""


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit:
    """Deliveries of `queue` are admitted while there is room; `room` gives how many more may begin now."""

    queue: str
    room: Callable[[PlatformTransactions], Awaitable[int]]


class AdmissionControl:
    """Passes deliveries of a limited queue on to `admit`, and holds those for which there is no room."""

    def __init__(self, limit: ConcurrencyLimit, admit: Callable[[Delivery], None]) -> None:
        self._limit = limit
        self._admit = admit
        self._held: deque[Delivery] = deque()
        self._some_held = asyncio.Event()
        self._room = 0
        self._admitted = 0

    def receive(self, delivery: Delivery) -> None:
        """Admit the delivery, or hold it."""
        self._held.append(delivery)
        self._admit_held()

    def done(self) -> None:
        """One admitted delivery has been handled: from now on `room` counts what it began."""
        self._admitted -= 1

    async def run(self, transactions: PlatformTransactions) -> None:
        """Look for room whenever a delivery is held, until cancelled. Raises what `room` raises."""
        while True:
            await self._some_held.wait()
            uncounted = self._admitted  # taken before the look, which may or may not count them
            self._room = await self._limit.room(transactions) - uncounted
            self._admit_held()
            await asyncio.sleep(LOOK_SECONDS)

    def _admit_held(self) -> None:
        while self._held and self._room > 0:
            delivery = self._held.popleft()
            if not delivery.channel.is_closed:  # the broker delivers it again by another channel
                self._room -= 1
                self._admitted += 1
                self._admit(delivery)
        if self._held:
            self._some_held.set()
        else:
            self._some_held.clear()
