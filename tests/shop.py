"""The system as its users see it: the four public HTTP APIs, and the sums that must hold over them."""

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx2
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from waiting import eventually

PRICE = 1_000
PLENTY = 1_000_000
TIMEOUT_SECONDS = 120  # seconds; a machine with a thousand orders at once may say 503 for a while


class Shop:
    """An operator's client, with names of products and customers that no other test uses."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._tag = uuid4().hex[:8]
        self._client = httpx2.AsyncClient(
            headers=self.bearer(Role.OPERATOR, "tester"),
            timeout=30,
            transport=httpx2.AsyncHTTPTransport(
                verify=stack.home.tls.context(), retries=3, limits=httpx2.Limits(max_connections=64)
            ),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def bearer(self, role: Role, subject: str) -> dict[str, str]:
        """The header that makes a request this caller's."""
        return {"Authorization": f"Bearer {self.stack.token(role, subject)}"}

    def named(self, name: str) -> str:
        """This test's own product or customer of that name."""
        return f"{name}-{self._tag}"

    async def call(self, method: str, service: str, path: str, **request: Any) -> httpx2.Response:
        """Any request to a service."""
        return await self._client.request(method, f"{self.stack.url(service)}{path}", **request)

    async def get(self, service: str, path: str) -> Any:
        """What is there; raises where nothing is. A service that is being started again is waited for."""

        async def read() -> httpx2.Response | None:
            try:
                return await self.call("GET", service, path)
            except httpx2.TransportError:
                return None

        seen = await eventually(read, until=lambda answer: answer is not None and answer.status_code != 503)
        assert seen is not None
        return seen.raise_for_status().json()

    async def stocked(self, name: str, on_hand: int, *, price: int = PRICE) -> str:
        """A product with this many on hand; returns its sku."""
        sku = self.named(name)
        body = {"name": name, "price": {"amount": price, "currency": "EUR"}}
        (await self.call("PUT", "order", f"/products/{sku}", json=body)).raise_for_status()
        (await self.call("PUT", "inventory", f"/stock/{sku}", json={"on_hand": on_hand})).raise_for_status()
        return sku

    async def customer(self, name: str, available: int) -> str:
        """A customer with this much money; returns their id."""
        customer_id = self.named(name)
        body = {"available": available}
        (await self.call("PUT", "payment", f"/accounts/{customer_id}", json=body)).raise_for_status()
        return customer_id

    async def post_order(
        self, customer: str, lines: Mapping[str, int], *, key: str | None = None, **request: Any
    ) -> httpx2.Response:
        """Place an order, whatever the answer."""
        body = {
            "customer_id": customer,
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()],
        }
        headers = {"Idempotency-Key": key or str(uuid4()), **request.pop("headers", {})}
        return await self.call("POST", "order", "/orders", json=body, headers=headers, **request)

    async def place(self, customer: str, lines: Mapping[str, int]) -> str:
        """Place an order until it is accepted, as a client that was cut off would: with the same key."""
        key = str(uuid4())

        async def try_once() -> httpx2.Response | None:
            try:
                return await self.post_order(customer, lines, key=key)
            except httpx2.TransportError:
                return None

        answer = await eventually(
            try_once, until=lambda seen: seen is not None and seen.status_code == 202, within=TIMEOUT_SECONDS
        )
        assert answer is not None
        return str(answer.json()["order_id"])

    async def order(self, order_id: str) -> Any:
        return await self.get("order", f"/orders/{order_id}")

    async def ended(self, order_id: str, *, within: float = 60.0) -> Any:
        """The order once it is no longer pending."""
        return await eventually(
            lambda: self.order(order_id), until=lambda seen: seen["status"] != "pending", within=within
        )

    async def all_ended(self, order_ids: Iterable[str], *, within: float = 60.0) -> list[Any]:
        return await asyncio.gather(*(self.ended(order_id, within=within) for order_id in order_ids))

    async def saga(self, saga_id: str) -> Any:
        return await self.get("orchestrator", f"/sagas/{saga_id}")

    async def saga_ended(self, saga_id: str) -> Any:
        """The saga once it has ended: a moment later than its order."""
        return await eventually(
            lambda: self.saga(saga_id), until=lambda seen: seen["status"] in {"completed", "compensated"}
        )

    async def stock(self, sku: str) -> dict[str, int]:
        seen = await self.get("inventory", f"/stock/{sku}")
        return {figure: seen[figure] for figure in ("on_hand", "reserved", "sold")}

    async def account(self, customer: str) -> dict[str, int]:
        seen = await self.get("payment", f"/accounts/{customer}")
        return {figure: seen[figure] for figure in ("available", "held", "captured")}
