"""One lean client of the public HTTP API: a request costs it some tenths of a millisecond."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import aiohttp
from counterstep.http.roles import Role
from infra.client.public_api import PAGE
from infra.client.sagas import Summary
from infra.launcher.deployment import Deployment
from infra.load.plan import Planned
from infra.machine.failure import Failure
from pydantic import BaseModel

ACCEPTED: Final = 202
PUT_OFF: Final = frozenset({429, 503})
"""What a service may answer that is busy: the client comes again, with the same key."""
COMES_AGAIN: Final = 0.05  # seconds
PATIENCE: Final = 60.0  # seconds for an order to be accepted, and again for it to end
BETWEEN_LOOKS: Final = 0.1  # seconds, while the last orders end


class Placed(NamedTuple):
    """An order that was accepted; `put_off` says how often it was not."""

    order_id: str
    saga_id: UUID
    put_off: int


class _Page(BaseModel):
    items: list[Summary]
    next_cursor: str | None


class Client:
    """A customer's and an operator's requests, over as many connections as are busy at once."""

    def __init__(self, session: aiohttp.ClientSession, stack: Deployment) -> None:
        self._session = session
        self._orders = f"{stack.url('order')}/orders"
        self._sagas = f"{stack.url('orchestrator')}/sagas"
        self._name = uuid4().hex

    async def place(self, order: Planned) -> Placed:
        """Place an order until it is accepted. Raises Failure on any other answer, and when patience ends."""
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in order.basket.items()]
        body = {"customer_id": order.customer, "lines": lines}
        headers = {"Idempotency-Key": f"{self._name}-{order.number}"}
        put_off, until = 0, time.monotonic() + PATIENCE
        while True:
            async with self._session.post(self._orders, json=body, headers=headers) as answer:
                if answer.status == ACCEPTED:
                    taken = await answer.json()
                    return Placed(taken["order_id"], UUID(taken["saga_id"]), put_off)
                if answer.status not in PUT_OFF or time.monotonic() > until:
                    raise Failure("order", f"POST /orders was answered {answer.status}", await answer.text())
            put_off += 1
            await asyncio.sleep(COMES_AGAIN)

    async def has_ended(self, order_id: str) -> bool:
        """Look at an order, as its customer does. Raises Failure where there is no answer."""
        seen = await self._get(f"{self._orders}/{order_id}")
        return seen is not None and bool(seen["status"] != "pending")

    async def all_ended(self, patience: float = PATIENCE) -> None:
        """Wait until no order is pending. Raises Failure when patience ends."""
        until = time.monotonic() + patience
        while (await self._get(f"{self._orders}?status=pending&limit=1") or {"items": [...]})["items"]:
            if time.monotonic() > until:
                raise Failure("orders", f"some have not ended {patience:.0f} s after the last was placed")
            await asyncio.sleep(BETWEEN_LOOKS)

    async def sagas(self, wanted: Collection[UUID]) -> dict[UUID, Summary]:
        """Read these sagas, each of which has ended. Raises Failure where one has not when patience ends.

        A saga ends a moment after its order, so the last are looked at again.
        """
        until = time.monotonic() + PATIENCE
        while True:
            found = await self._newest(down_to=min(wanted)) if wanted else {}
            ended = {saga_id: found[saga_id] for saga_id in wanted if saga_id in found and found[saga_id].ended_at}
            if len(ended) == len(wanted):
                return ended
            if time.monotonic() > until:
                raise Failure("sagas", f"{len(wanted) - len(ended)} of {len(wanted)} orders did not end")
            await asyncio.sleep(BETWEEN_LOOKS)

    async def text(self, url: str) -> str:
        """Read a page of metrics. Raises Failure where there is none."""
        async with self._session.get(url) as answer:
            if answer.status != 200:
                raise Failure(url, f"was answered {answer.status}")
            return await answer.text()

    async def _newest(self, *, down_to: UUID) -> dict[UUID, Summary]:
        found: dict[UUID, Summary] = {}
        cursor: str | None = ""
        while cursor is not None:
            at = f"&cursor={cursor}" if cursor else ""
            seen = await self._get(f"{self._sagas}?limit={PAGE}{at}")
            if seen is None:
                await asyncio.sleep(COMES_AGAIN)
                continue
            page = _Page.model_validate(seen)
            found.update({each.saga_id: each for each in page.items})
            cursor = page.next_cursor if page.items and page.items[-1].saga_id > down_to else None
        return found

    async def _get(self, url: str) -> Any:
        """Return what is there; None where the service is too busy to say."""
        async with self._session.get(url) as answer:
            if answer.status in PUT_OFF:
                return None
            if answer.status != 200:
                raise Failure(url, f"was answered {answer.status}", await answer.text())
            return await answer.json()


@asynccontextmanager
async def client(stack: Deployment) -> AsyncIterator[Client]:
    """Open a client with a token that was made once. Raises Failure where a service does not answer."""
    token = stack.token(Role.OPERATOR, "bench")
    try:
        async with aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        ) as session:
            yield Client(session, stack)
    except* aiohttp.ClientError as errors:
        raise Failure("client", f"a service did not answer: {errors.exceptions[0]!r}") from None
