"""Orders that have piled up while nothing drove their sagas: how fast they end once it does."""

import asyncio
import time
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from infra.launcher.native.stack import Stack
from infra.load.measurements import outcome_of
from infra.load.planning import Planned
from scraping import Scrape

from performance.client import TIMEOUT_SECONDS, Client, client
from performance.round import Load, System
from performance.scale.results import Drained

SERVICE: Final = "orchestrator"
PLACED_AT_ONCE: Final = 32
SLOWEST: Final = 10
"""Sagas a second: a backlog that ends slower is given up."""
RETRIES: Final = "saga_retries_total"


def drain(system: System, load: Load, orders: int) -> Drained:
    """Place this many while the orchestrator is stopped, and start it. Raises UserError after the time limit."""
    planned = load.orders(orders, 1)
    system.fill(planned)
    return asyncio.run(_drain(system.stack, planned))


async def _drain(stack: Stack, planned: list[Planned]) -> Drained:
    async with client(stack) as lean:
        await asyncio.to_thread(stack.stop, SERVICE)
        try:
            begun = time.time()
            placed = await _place(lean, planned)
            placing = time.time() - begun
        finally:
            started = time.time()
            await asyncio.to_thread(stack.start, SERVICE)
        await lean.all_ended(TIMEOUT_SECONDS + len(planned) / SLOWEST)
        sagas = await lean.ended_sagas(placed)
        resent = Scrape.of(await lean.text(f"{stack.url(SERVICE)}/metrics")).value(RETRIES)
    last = max(saga.ended_at.timestamp() for saga in sagas.values() if saga.ended_at)
    return Drained(
        orders=len(planned),
        placing_seconds=placing,
        seconds=last - started,
        otherwise=sum(outcome_of(sagas[saga_id]) != order.fate for saga_id, order in placed.items()),
        resent=round(resent),
    )


async def _place(lean: Client, planned: list[Planned]) -> dict[UUID, Planned]:
    """Place them all, and look at none."""
    orders, placed = iter(planned), dict[UUID, Planned]()

    async def place(orders: Iterator[Planned]) -> None:
        for order in orders:
            placed[(await lean.place(order)).saga_id] = order

    await asyncio.gather(*(place(orders) for _ in range(PLACED_AT_ONCE)))
    return placed
