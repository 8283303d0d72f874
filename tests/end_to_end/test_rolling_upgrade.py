"""From the release that sends version 1 of a message to the one that sends version 2, while orders are placed."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
from another import another
from books import assert_balanced
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from outages import stopped
from shop import Shop
from waiting import eventually

DEAR = 6_000_00
FUNDS = 1_000_000_00
EACH = 5


class Counter:
    """One order service among several, as a customer finds it."""

    def __init__(self, shop: Shop, client: httpx2.AsyncClient, url: str) -> None:
        self._headers = shop.bearer(Role.OPERATOR, "tester")
        self._client = client
        self._url = url

    async def place(self, customer: str, sku: str, quantity: int = 1) -> Any:
        """An order, as it was accepted here."""
        body = {"customer_id": customer, "lines": [{"sku": sku, "quantity": quantity}]}
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        answer = await self._client.post(f"{self._url}/orders", json=body, headers=headers)
        return answer.raise_for_status().json()

    async def reviews(self) -> set[str]:
        """The orders that wait for a person."""
        answer = await self._client.get(f"{self._url}/reviews?limit=100", headers=self._headers)
        return {review["order_id"] for review in answer.raise_for_status().json()["items"]}


async def types_sent(stack: Stack, placed: Iterable[Any]) -> dict[str, int]:
    """The versions of these orders' start events, with the number of orders of each."""
    connection = await asyncpg.connect(stack.database_url("orchestrator"))
    try:
        rows = await connection.fetch(
            "SELECT start_type, count(*) FROM saga_runs WHERE key = ANY($1) GROUP BY 1",
            [order["order_id"] for order in placed],
        )
    finally:
        await connection.close()
    return dict(map(tuple, rows))


async def test_orders_of_both_releases_end_while_one_takes_the_other_s_place(shop: Shop, stack: Stack) -> None:
    desk, yacht = await shop.stocked("desk", 1000), await shop.stocked("yacht", 10, price=DEAR)
    ada = await shop.customer("ada", FUNDS)

    async def some(*counters: Counter) -> None:
        placed.extend(await asyncio.gather(*(each.place(ada, desk) for each in counters for _ in range(EACH))))

    placed: list[Any] = []
    async with httpx2.AsyncClient(timeout=30) as client, AsyncExitStack() as orders:
        await orders.enter_async_context(stopped(shop, "order"))
        async with another(stack, "orchestrator", release="yesterday"):
            async with stopped(shop, "orchestrator"):
                _, url = await orders.enter_async_context(another(stack, "order", release="yesterday"))
                before = Counter(shop, client, url)
                dear = await before.place(ada, yacht, quantity=2)
                await eventually(before.reviews, until=lambda waiting: dear["order_id"] in waiting)
                await some(before)
            await some(before)  # consumers are upgraded first, and one is always running
        _, url = await orders.enter_async_context(another(stack, "order"))
        await some(before, Counter(shop, client, url))
    expected = {"order.order_placed.v1": 3 * EACH, "order.order_placed.v2": EACH}
    await eventually(lambda: types_sent(stack, placed), until=lambda now: now == expected)
    (await shop.call("POST", "order", f"/reviews/{dear['order_id']}/approve")).raise_for_status()
    ended = await shop.all_ended(order["order_id"] for order in [dear, *placed])
    assert {order["order_id"]: order["reason"] for order in ended if order["status"] != "confirmed"} == {}
    await assert_balanced(shop, ended, stocked={desk: 1000, yacht: 10}, paid_in={ada: FUNDS})


async def test_a_refusal_of_the_release_before_is_one_and_its_code_is_unspecified(
    shop: Shop, stack: Stack
) -> None:
    lamp, bob = await shop.stocked("lamp", 2), await shop.customer("bob", 0)
    async with another(stack, "payment", release="yesterday"), stopped(shop, "payment"):
        before = await shop.ended(await shop.place(bob, {lamp: 1}))
    after = await shop.ended(await shop.place(bob, {lamp: 1}))
    refused = [await shop.saga_ended(order["saga_id"]) for order in (before, after)]
    assert [saga["code"] for saga in refused] == ["unspecified", "insufficient_funds"]
    assert before["reason"] == after["reason"]
    assert await shop.stock(lamp) == {"on_hand": 2, "reserved": 0, "sold": 0}
