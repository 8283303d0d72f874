"""Sending the orders when they are due, and looking which have ended, at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx

from infra.client.public_api import PAGE
from infra.client.sagas import Summary
from infra.load.plan import Planned
from infra.load.tally import Tally

ATTEMPTS = 3  # with the same Idempotency-Key, so that none becomes two orders
BETWEEN_LOOKS = 0.25  # seconds
PATIENCE = 60  # seconds after the last order was due, then what has not ended is given up


class Running:
    """One load on one stack; `client` speaks to it as an operator."""

    def __init__(self, client: httpx.AsyncClient, orders: str, sagas: str, show: Callable[[Tally], None]) -> None:
        self._client = client
        self._orders = orders
        self._sagas = sagas
        self._show = show
        self._name = uuid4().hex

    async def go(self, plan: Sequence[Planned], tally: Tally) -> None:
        """Send all of it, and return when all of it has ended, or patience has."""
        offering = asyncio.create_task(self._offer(plan, tally))
        try:
            async with asyncio.timeout(plan[-1].due + PATIENCE):
                while not (offering.done() and tally.settled):
                    await self._look(tally)
                    self._show(tally)
                    await asyncio.sleep(BETWEEN_LOOKS)
                await offering
        except TimeoutError:
            pass
        finally:
            offering.cancel()
            await asyncio.wait([offering])
            self._show(tally)

    async def _offer(self, plan: Sequence[Planned], tally: Tally) -> None:
        async with asyncio.TaskGroup() as group:
            for order in plan:
                wait = (tally.due(order) - datetime.now(UTC)).total_seconds()
                await asyncio.sleep(max(0, wait))
                group.create_task(self._place(order, tally))

    async def _place(self, order: Planned, tally: Tally) -> None:
        tally.sent(order, datetime.now(UTC))
        error = ""
        for _ in range(ATTEMPTS):
            try:
                answer = await self._client.post(
                    self._orders, json=_body(order), headers={"Idempotency-Key": f"{self._name}-{order.number}"}
                )
            except httpx.TransportError as fault:
                error = type(fault).__name__
                continue
            if answer.status_code == httpx.codes.ACCEPTED:
                tally.took(order, UUID(answer.json()["saga_id"]))
                return
            error = f"answered {answer.status_code}"
            if not answer.is_server_error:
                break
        tally.errors[error] += 1

    async def _look(self, tally: Tally) -> None:
        """Read the newest sagas, as far back as the oldest of ours goes that has not ended."""
        cursor: str | None = ""
        while tally.pending and cursor is not None:
            query = {"limit": str(PAGE), **({"cursor": cursor} if cursor else {})}
            try:
                page = (await self._client.get(self._sagas, params=query)).raise_for_status().json()
            except httpx.HTTPError:  # under load it may be slow; the next look sees the same and more
                return
            found = [Summary.model_validate(each) for each in page["items"]]
            for saga in found:
                if saga.ended_at and saga.saga_id in tally.pending:
                    tally.ended(saga)
            oldest = min(tally.pending, default=None)
            cursor = page["next_cursor"] if oldest and found and oldest < found[-1].saga_id else None


def _body(order: Planned) -> dict[str, object]:
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in order.basket.items()]
    return {"customer_id": order.customer, "lines": lines}
