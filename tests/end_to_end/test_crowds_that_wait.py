"""Many requests wait: they hold no connection to the database, and end with their client or their process."""

import asyncio
from functools import partial
from operator import eq
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from counterstep.http.roles import Role
from infra.components.replicas import Replicas
from infra.launcher.native.stack import Stack
from outages import stopped
from port_lock import taking_ports
from preferring import waiters_of, waiting
from scraping import Scrape
from shop import PLENTY, Shop
from waiting import eventually

CROWD = 200
"""Requests that wait: many times the connections to the database that a process may open."""
WAVE = 50


async def test_a_crowd_waits_and_holds_no_connection_to_the_database(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", CROWD), await shop.customer("ada", PLENTY)
    async with httpx2.AsyncClient(
        base_url=stack.url("order"),
        headers=shop.bearer(Role.CUSTOMER, ada),
        limits=httpx2.Limits(max_connections=None),
    ) as crowd:
        async with stopped(shop, "payment"):
            requests: list[asyncio.Task[httpx2.Response]] = []
            for placed in range(WAVE, CROWD + WAVE, WAVE):  # more at once would find the pool exhausted: 503
                requests += [asyncio.create_task(order(crowd, ada, sku)) for _ in range(WAVE)]
                await eventually(lambda: orders_of(stack, ada), until=partial(eq, placed))
            await eventually(lambda: leased(shop), until=lambda connections: connections == 0)
            assert not any(request.done() for request in requests)
        answers = await asyncio.gather(*requests)
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "confirmed")}


async def order(client: httpx2.AsyncClient, customer: str, sku: str, address: str = "") -> httpx2.Response:
    return await client.post(
        f"{address}/orders",
        json={"customer_id": customer, "lines": [{"sku": sku, "quantity": 1}]},
        headers={"Idempotency-Key": str(uuid4()), "Prefer": "wait=60"},
        timeout=90,
    )


async def orders_of(stack: Stack, customer: str) -> int:
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM orders WHERE customer_id = $1", customer))
    finally:
        await connection.close()


async def leased(shop: Shop) -> float:
    """How many connections the order service's requests hold."""
    shown = Scrape.of((await shop.call("GET", "order", "/metrics")).text)
    return shown.value("database_pool_connections", pool="requests", state="used")


async def test_a_client_that_goes_away_waits_no_more(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        with pytest.raises(httpx2.ReadTimeout):
            await shop.post_order(ada, {sku: 1}, **waiting(60), timeout=3)
        await eventually(lambda: waiters_of(shop), until=lambda count: count == 0)


async def test_with_two_processes_each_answers_those_who_wait_there(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 40), await shop.customer("ada", PLENTY)
    with taking_ports():
        await asyncio.to_thread(stack.up, replicas=Replicas.parse("order=2"))
    try:
        addresses = [stack.parts[name].address for name in ("order", "order-2")]
        async with httpx2.AsyncClient(headers=shop.bearer(Role.CUSTOMER, ada)) as client:
            answers = await asyncio.gather(
                *(order(client, ada, sku, addresses[number % 2]) for number in range(40))
            )
    finally:
        await asyncio.to_thread(stack.up)
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "confirmed")}


async def test_a_process_that_stops_answers_those_who_wait(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        waits = asyncio.create_task(shop.post_order(ada, {sku: 1}, **waiting(60)))
        placed = await eventually(
            lambda: shop.get("order", f"/orders?customer_id={ada}"), until=lambda seen: bool(seen["items"])
        )
        async with stopped(shop, "order"):
            answer = await waits
        assert (answer.status_code, answer.json()["order_id"]) == (202, placed["items"][0]["order_id"])
