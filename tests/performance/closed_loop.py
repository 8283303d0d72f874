"""A number of clients, each of which places its next order when its last has ended: how much the system can do."""

import asyncio
import time
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from counterstep.client import ApiError
from infra.load.planning import Planned
from infra.machine.user_error import UserError

from performance.client import TIMEOUT_SECONDS, Client, Placed
from performance.looking import FURTHER, Looking


class Sent(NamedTuple):
    """An order, and when it was sent or was due, in seconds of the Unix clock; `late` is by how much it was."""

    order: Planned
    at: float
    put_off: int
    late: float = 0.0


class ClosedLoop:
    """The clients of one round; `sent` is what they have placed so far."""

    def __init__(self, client: Client, orders: Iterator[Planned], at_once: int) -> None:
        self._client = client
        self._orders = orders
        self._at_once = at_once
        self._looking = Looking(at_once)
        self._closing = False
        self.sent: dict[UUID, Sent] = {}

    async def run(self) -> None:
        """Trade until it is closed, or out of orders, and each has ended. Raises UserError where one does not."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._at_once):
                    group.create_task(self._trade())
        except* (UserError, ApiError) as failures:
            raise failures.exceptions[0] from None

    def close(self) -> None:
        """Let each client's order be its last."""
        self._closing = True

    async def _trade(self) -> None:
        for order in self._orders:
            at = time.time()
            placed = await self._client.place(order)
            self.sent[placed.saga_id] = Sent(order, at, placed.put_off)
            if not placed.ended:
                await self._follow(placed)
            if self._closing:
                return

    async def _follow(self, placed: Placed) -> None:
        waited = self._looking.first
        await asyncio.sleep(waited)
        ended = await self._client.has_ended(placed.order_id)
        self._looking.found(ended=ended)
        while not ended:
            if waited > TIMEOUT_SECONDS:
                raise UserError("orders", f"order {placed.order_id} did not end within {TIMEOUT_SECONDS:.0f} s")
            await asyncio.sleep(waited * FURTHER)
            waited += waited * FURTHER
            ended = await self._client.has_ended(placed.order_id)
