"""One lean client of the public HTTP API: a request costs it some tenths of a millisecond."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final, NamedTuple, TypeVar
from uuid import UUID, uuid4

import aiohttp
from counterstep.client import ApiError, Page, Request, sagas
from counterstep.client.errors import error_of
from counterstep.client.request import page_after
from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaSummary
from infra.launcher.deployment import Deployment
from infra.load.planning import Planned
from infra.machine.user_error import UserError
from shop_client import NewOrder, Order, orders

Answer = TypeVar("Answer")

NEWEST: Final = sagas.browse()
PUT_OFF: Final = frozenset({429, 503})
"""What a service may answer that is busy: the client comes again, with the same key."""
COMES_AGAIN: Final = 0.05  # seconds
TIMEOUT_SECONDS: Final = 60.0  # seconds for an order to be accepted, and again for it to end
POLL_SECONDS: Final = 0.1  # seconds, while the last orders end


class Placed(NamedTuple):
    """An order that was accepted; `put_off` says how often it was not."""

    order_id: UUID
    saga_id: UUID
    put_off: int
    ended: bool


class Client:
    """A customer's and an operator's requests, over as many connections as are busy at once.

    With `wait` it asks for the end of each order in the request that places it, and waits this number of seconds.
    """

    def __init__(self, session: aiohttp.ClientSession, stack: Deployment, wait: int) -> None:
        self._session = session
        self._wait = wait
        self._urls = stack.urls
        self._name = uuid4().hex

    async def place(self, order: Planned) -> Placed:
        """Place an order until it is accepted. Raises `ApiError` on any other answer, and after the time limit."""
        new, key = NewOrder.of(order.customer, order.basket), f"{self._name}-{order.number}"
        request = orders.place(new, key=key, wait=self._wait)
        put_off, until = 0, time.monotonic() + TIMEOUT_SECONDS
        while True:
            try:
                taken = await self._send("order", request)
            except ApiError as error:
                if error.status not in PUT_OFF or time.monotonic() > until:
                    raise
            else:
                return Placed(taken.order_id, taken.saga_id, put_off, ended=taken.status != "pending")
            put_off += 1
            await asyncio.sleep(COMES_AGAIN)

    async def has_ended(self, order_id: UUID) -> bool:
        """Look at an order, as its customer does. Raises `ApiError` where there is no answer."""
        seen: Order | None = await self._unless_busy("order", orders.read(order_id))
        return seen is not None and seen.status != "pending"

    async def all_ended(self, longest: float = TIMEOUT_SECONDS) -> None:
        """Wait until no order is pending. Raises UserError after the time limit."""
        until = time.monotonic() + longest
        pending = orders.browse(status="pending", limit=1)
        while (page := await self._unless_busy("order", pending)) is None or page.items:
            if time.monotonic() > until:
                raise UserError("orders", f"some have not ended {longest:.0f} s after the last was placed")
            await asyncio.sleep(POLL_SECONDS)

    async def ended_sagas(self, wanted: Collection[UUID]) -> dict[UUID, SagaSummary]:
        """Read these sagas, each of which has ended. Raises UserError if one has not ended within the time limit.

        A saga ends a moment after its order, so the last are looked at again.
        """
        until = time.monotonic() + TIMEOUT_SECONDS
        while True:
            found = await self._newest(down_to=min(wanted)) if wanted else {}
            ended = {saga_id: found[saga_id] for saga_id in wanted if saga_id in found and found[saga_id].ended_at}
            if len(ended) == len(wanted):
                return ended
            if time.monotonic() > until:
                raise UserError("sagas", f"{len(wanted) - len(ended)} of {len(wanted)} orders did not end")
            await asyncio.sleep(POLL_SECONDS)

    async def text(self, url: str) -> str:
        """Read a page of metrics. Raises UserError where there is none."""
        async with self._session.get(url) as answer:
            if answer.status != 200:
                raise UserError(url, f"was answered {answer.status}")
            return await answer.text()

    async def _newest(self, *, down_to: UUID) -> dict[UUID, SagaSummary]:
        found: dict[UUID, SagaSummary] = {}
        request: Request[Page[SagaSummary]] | None = NEWEST
        while request is not None:
            page = await self._unless_busy("orchestrator", request)
            if page is None:
                await asyncio.sleep(COMES_AGAIN)
                continue
            found.update({each.saga_id: each for each in page.items})
            more = page.next_cursor and page.items and page.items[-1].saga_id > down_to
            request = page_after(request, page.next_cursor or "") if more else None
        return found

    async def _unless_busy(self, service: str, request: Request[Answer]) -> Answer | None:
        """The answer; None where the service is too busy to give one."""
        try:
            return await self._send(service, request)
        except ApiError as error:
            if error.status in PUT_OFF:
                return None
            raise

    async def _send(self, service: str, request: Request[Answer]) -> Answer:
        """The requests of `counterstep.client` on aiohttp, which costs a third of what httpx2 does."""
        async with self._session.request(
            request.method,
            f"{self._urls[service]}{request.path}",
            params=request.parameters,
            json=request.json,
            headers=request.headers,
        ) as answer:
            content = await answer.read()
            if not answer.ok:
                raise error_of(service, answer.status, answer.content_type, content)
            return request.read(content)


@asynccontextmanager
async def client(stack: Deployment, *, wait: int = 0) -> AsyncIterator[Client]:
    """Open a client with a token that was made once. Raises UserError where a service does not answer."""
    token = stack.token(Role.OPERATOR, "bench")
    try:
        async with aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        ) as session:
            yield Client(session, stack, wait)
    except* aiohttp.ClientError as errors:
        raise UserError("client", f"a service did not answer: {errors.exceptions[0]!r}") from None
