"""Sending the orders when they are due, and looking which have ended, at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from counterstep.client import ApiError, AsyncClient, ProblemError, UnavailableError, sagas
from counterstep.client.request import page_after
from shop_client import NewOrder, orders

from infra.load.measurements import Measurements
from infra.load.planning import Planned

ATTEMPTS = 3  # with the same Idempotency-Key, so that none becomes two orders
POLL_SECONDS = 0.25  # seconds
PATIENCE = 60  # seconds after the last order was due, then what has not ended is given up


class Running:
    """One load on one deployment; `client` speaks for an operator."""

    def __init__(self, client: AsyncClient, show: Callable[[Measurements], None]) -> None:
        self._client = client
        self._show = show
        self._name = uuid4().hex

    async def go(self, plan: Sequence[Planned], measurements: Measurements) -> None:
        """Send all of it, and return when all of it has ended, or after the time limit."""
        offering = asyncio.create_task(self._offer(plan, measurements))
        try:
            async with asyncio.timeout(plan[-1].due + PATIENCE):
                while not (offering.done() and measurements.settled):
                    await self._poll(measurements)
                    self._show(measurements)
                    await asyncio.sleep(POLL_SECONDS)
                await offering
        except TimeoutError:
            pass
        finally:
            offering.cancel()
            await asyncio.wait([offering])
            self._show(measurements)

    async def _offer(self, plan: Sequence[Planned], measurements: Measurements) -> None:
        async with asyncio.TaskGroup() as group:
            for order in plan:
                wait = (measurements.due(order) - datetime.now(UTC)).total_seconds()
                await asyncio.sleep(max(0, wait))
                group.create_task(self._place(order, measurements))

    async def _place(self, order: Planned, measurements: Measurements) -> None:
        measurements.sent(order, datetime.now(UTC))
        request = orders.place(NewOrder.of(order.customer, order.basket), key=f"{self._name}-{order.number}")
        error = ""
        for _ in range(ATTEMPTS):
            try:
                measurements.took(order, (await self._client.send("order", request)).saga_id)
            except ProblemError as problem:
                error = f"answered {problem.status}"
                break
            except UnavailableError as unavailable:
                error = f"answered {unavailable.status}" if unavailable.status else unavailable.reason
            else:
                return
        measurements.errors[error] += 1

    async def _poll(self, measurements: Measurements) -> None:
        """Read the newest sagas, back to the oldest of this load that has not ended."""
        request = sagas.browse()
        while measurements.pending:
            try:
                page = await self._client.send("orchestrator", request)
            except ApiError:  # it may be slow under load; the next look sees the same sagas and more
                return
            for saga in page.items:
                if saga.ended_at and saga.saga_id in measurements.pending:
                    measurements.ended(saga)
            oldest = min(measurements.pending, default=None)
            if not (oldest and page.items and page.next_cursor and oldest < page.items[-1].saga_id):
                return
            request = page_after(request, page.next_cursor)
