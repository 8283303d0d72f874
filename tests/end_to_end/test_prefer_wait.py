"""`Prefer: wait`: an order is placed and its end is read in one request (RFC 7240)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from operator import eq
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from counterstep.http.roles import Role
from counterstep.http.waiting import waiters
from counterstep.http.waiting.waiters import Waiters
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.notices import CHANNEL
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import Relay
from infra.components.replicas import Replicas
from infra.launcher.native.stack import Stack
from order.api.orders import ENDED
from outages import stopped
from port_lock import taking_ports
from scraping import Scrape
from shop import PLENTY, Shop
from waiting import eventually

CROWD = 200
"""Requests that wait: many times the connections to the database that a process may open."""
WAVE = 50


NEVER = 600.0  # seconds, longer than any test


def waiting(seconds: int) -> dict[str, Any]:
    return {"headers": {"Prefer": f"wait={seconds}"}}


async def test_a_client_that_waits_gets_the_ended_order_as_its_answer(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    answer = await shop.post_order(ada, {sku: 1}, **waiting(30))
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert answer.headers["preference-applied"] == "wait=30"


async def test_a_client_that_waits_is_told_of_a_refusal(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", 0)
    answer = await shop.post_order(ada, {sku: 1}, **waiting(30))
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    assert answer.json()["reason"]


async def test_a_client_that_does_not_wait_is_answered_at_once(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    answer = await shop.post_order(ada, {sku: 1})
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    assert "preference-applied" not in answer.headers


async def test_when_the_time_is_over_the_answer_is_202(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        answer = await shop.post_order(ada, {sku: 1}, **waiting(1))
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    assert (await shop.ended(answer.json()["order_id"]))["status"] == "confirmed"


async def test_a_repeated_request_waits_for_the_same_order_and_is_answered_at_once_when_it_has_ended(
    shop: Shop,
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    key = shop.named("key")
    first, second = await asyncio.gather(
        *(shop.post_order(ada, {sku: 1}, key=key, **waiting(30)) for _ in range(2))
    )
    third = await shop.post_order(ada, {sku: 1}, key=key, **waiting(30))
    assert first.json() == second.json() == third.json()
    assert {first.status_code, second.status_code, third.status_code} == {200}


async def test_a_crowd_waits_and_holds_no_connection_to_the_database(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", CROWD), await shop.customer("ada", PLENTY)
    async with httpx.AsyncClient(
        base_url=stack.url("order"),
        headers=shop.bearer(Role.CUSTOMER, ada),
        limits=httpx.Limits(max_connections=None),
    ) as crowd:
        async with stopped(shop, "payment"):
            requests: list[asyncio.Task[httpx.Response]] = []
            for placed in range(WAVE, CROWD + WAVE, WAVE):  # more at once would find the pool exhausted: 503
                requests += [asyncio.create_task(order(crowd, ada, sku)) for _ in range(WAVE)]
                await eventually(lambda: orders_of(stack, ada), until=partial(eq, placed))
            await eventually(lambda: leased(shop), until=lambda connections: connections == 0)
            assert not any(request.done() for request in requests)
        answers = await asyncio.gather(*requests)
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "confirmed")}


async def order(client: httpx.AsyncClient, customer: str, sku: str) -> httpx.Response:
    return await client.post(
        "/orders",
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


async def listeners(stack: Stack) -> set[int]:
    """The backends of the connections that listen for notices."""
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        found = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = $1", CHANNEL)
        return {row["pid"] for row in found}
    finally:
        await connection.close()


async def end(stack: Stack, backends: set[int]) -> None:
    """Close these connections to the database."""
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        for each in backends:
            assert await connection.fetchval("SELECT pg_terminate_backend($1, 5000)", each)
    finally:
        await connection.close()


async def test_an_end_whose_notice_is_lost_is_found_by_a_look(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with without_notices(stack):
        answer = await shop.post_order(ada, {sku: 1}, **waiting(30))
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")


@asynccontextmanager
async def without_notices(stack: Stack) -> AsyncIterator[None]:
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        await connection.execute("ALTER TABLE orders DISABLE TRIGGER orders_notice")
        yield
    finally:
        await connection.execute("ALTER TABLE orders ENABLE TRIGGER orders_notice")
        await connection.close()


async def test_a_notice_alone_wakes_a_process_whichever_process_ended_the_order(
    shop: Shop, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiters, "LOOK_SECONDS", NEVER)
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with another_process(stack) as other:
        before = await listeners(stack)
        async with stopped(shop, "payment"):
            order_id = await shop.place(ada, {sku: 1})
            with other.waiting(ENDED, order_id) as waiter:
                assert waiter is not None
                await eventually(lambda: listeners(stack), until=lambda found: bool(found - before))
                await asyncio.to_thread(stack.start, "payment")
                ended: Any = await waiter.ended
        assert ended.status == "confirmed"


@asynccontextmanager
async def another_process(stack: Stack) -> AsyncIterator[Waiters]:
    """The waiters of a process beside those of the stack: this one."""
    url = stack.database_url("order")
    relay = Relay(sender="order", amqp_url="amqp://nowhere", database_url=url)
    database = Database(url)
    async with waiters.waiters(url, PlatformTransactions(database, relay), most=10) as ours:
        yield ours
    await database.close()


async def test_an_order_that_ends_while_the_listening_connection_is_lost_is_answered(
    shop: Shop, stack: Stack
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    await shop.post_order(ada, {sku: 1}, **waiting(30))  # now it listens
    async with stopped(shop, "payment"):
        waits = asyncio.create_task(shop.post_order(ada, {sku: 1}, **waiting(60), timeout=90))
        await eventually(lambda: waiters_of(shop), until=lambda count: count == 1)
        before = await listeners(stack)
        assert before
        await end(stack, before)
        after = await eventually(lambda: listeners(stack), until=lambda found: bool(found - before))
        assert not after & before
    answer = await waits
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")


async def test_a_client_that_goes_away_waits_no_more(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        with pytest.raises(httpx.ReadTimeout):
            await shop.post_order(ada, {sku: 1}, **waiting(60), timeout=3)
        await eventually(lambda: waiters_of(shop), until=lambda count: count == 0)


async def waiters_of(shop: Shop) -> float:
    """How many requests wait in the order service."""
    return Scrape.of((await shop.call("GET", "order", "/metrics")).text).value("http_requests_waiting")


async def test_with_two_processes_each_answers_those_who_wait_there(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 40), await shop.customer("ada", PLENTY)
    with taking_ports():
        await asyncio.to_thread(stack.up, replicas=Replicas.parse("order=2"))
    try:
        addresses = [stack.parts[name].address for name in ("order", "order-2")]
        async with httpx.AsyncClient(headers=shop.bearer(Role.CUSTOMER, ada)) as client:
            answers = await asyncio.gather(
                *(
                    client.post(
                        f"{addresses[number % 2]}/orders",
                        json={"customer_id": ada, "lines": [{"sku": sku, "quantity": 1}]},
                        headers={"Idempotency-Key": f"{ada}-{number}", "Prefer": "wait=30"},
                        timeout=60,
                    )
                    for number in range(40)
                )
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
