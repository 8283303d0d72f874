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

COUNT_EVERY_SECONDS: Final = 0.1
"""The shortest time between two queries for free places, in seconds."""


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit:
    """Deliveries of `queue` are admitted while there are free places; `free_places` counts these."""

    queue: str
    free_places: Callable[[PlatformTransactions], Awaitable[int]]


class AdmissionControl:
    """Passes deliveries of a limited queue on to `admit`, and holds those for which no place is free."""

    def __init__(self, limit: ConcurrencyLimit, admit: Callable[[Delivery], None]) -> None:
        self._limit = limit
        self._admit = admit
        self._held: deque[Delivery] = deque()
        self._some_held = asyncio.Event()
        self._free_places = 0
        self._admitted = 0

    def receive(self, delivery: Delivery) -> None:
        """Admit the delivery, or hold it."""
        self._held.append(delivery)
        self._admit_held()

    def done(self) -> None:
        """One admitted delivery has been handled: from now on `free_places` counts what it began."""
        self._admitted -= 1

    async def run(self, transactions: PlatformTransactions) -> None:
        """Count the free places while a delivery is held, until cancelled. Raises what `free_places` raises."""
        while True:
            await self._some_held.wait()
            uncounted = self._admitted  # read before the query, which may count them or not
            self._free_places = await self._limit.free_places(transactions) - uncounted
            self._admit_held()
            await asyncio.sleep(COUNT_EVERY_SECONDS)

    def _admit_held(self) -> None:
        while self._held and self._free_places > 0:
            delivery = self._held.popleft()
            if not delivery.origin.is_gone:
                self._free_places -= 1
                self._admitted += 1
                self._admit(delivery)
        if self._held:
            self._some_held.set()
        else:
            self._some_held.clear()
