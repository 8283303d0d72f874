"""A request that waits learns of the end by a notice of the database. One that is lost delays it, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from counterstep.http.waiting import waiters
from counterstep.http.waiting.waiters import Waiters
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.notices import CHANNEL
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import Relay
from infra.launcher.native.stack import Stack
from order.api.orders import ENDED
from outages import stopped
from preferring import waiters_of, waiting
from shop import PLENTY, Shop
from waiting import eventually

NEVER = 600.0  # seconds, longer than any test


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
