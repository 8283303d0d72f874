"""More requests than a service can answer: some are rejected at once, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx2
from counterstep.http.roles import Role
from counterstep.messaging.database.pool import MOST_WAITING
from counterstep.messaging.database.pool_profile import REQUESTS
from infra.launcher.native.stack import Stack
from shop import PLENTY, Shop
from waiting import eventually

AT_ONCE = 150
TOO_MANY = AT_ONCE - REQUESTS.size - MOST_WAITING


@asynccontextmanager
async def standing(stack: Stack) -> AsyncIterator[None]:
    """Inside the block no order can be read or written: every request for one waits."""
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def test_orders_beyond_what_can_wait_are_turned_away_at_once_and_taken_when_they_come_again(
    shop: Shop, stack: Stack
) -> None:
    sku = await shop.stocked("desk", AT_ONCE)
    ada = await shop.customer("ada", AT_ONCE * 1_000)
    keys = [f"{sku}-{number}" for number in range(AT_ONCE)]
    rejected: dict[str, httpx2.Response] = {}

    async def place(client: httpx2.AsyncClient, key: str) -> str:
        body = {"customer_id": ada, "lines": [{"sku": sku, "quantity": 1}]}

        async def attempt() -> httpx2.Response:
            answer = await client.post("/orders", json=body, headers={"Idempotency-Key": key})
            if answer.status_code == 503:
                rejected.setdefault(key, answer)
            return answer

        accepted = await eventually(attempt, until=lambda answer: answer.status_code != 503, within=60)
        return str(accepted.raise_for_status().json()["order_id"])

    headers = shop.bearer(Role.OPERATOR, "tester")
    limits = httpx2.Limits(max_connections=AT_ONCE)
    async with httpx2.AsyncClient(
        base_url=stack.url("order"), headers=headers, limits=limits, timeout=60
    ) as client:
        async with standing(stack):
            placing = asyncio.gather(*(place(client, key) for key in keys))
            await eventually(lambda: _number_of(rejected), until=lambda so_many: so_many >= TOO_MANY)
        placed = await placing
    assert {answer.headers["Retry-After"] for answer in rejected.values()} == {"1"}
    assert "more is asked at once than can be answered" in next(iter(rejected.values())).json()["detail"]
    assert len(set(placed)) == AT_ONCE
    ended = await shop.all_ended(placed)
    assert {order["status"] for order in ended} == {"confirmed"}


async def test_requests_that_hold_every_connection_hold_up_no_message(shop: Shop, stack: Stack) -> None:
    sku, ada, bob = (
        await shop.stocked("lamp", 1),
        await shop.customer("ada", PLENTY),
        await shop.customer("bob", 1),
    )
    async with locked_account(stack, bob):
        paying_in = [
            asyncio.create_task(shop.call("PUT", "payment", f"/accounts/{bob}", json={"available": 2}))
            for _ in range(REQUESTS.size)
        ]
        await eventually(lambda: _waiting_for_a_lock(stack, "payment"), until=lambda n: n == REQUESTS.size)
        order = await shop.ended(await shop.place(ada, {sku: 1}))
        assert not any(request.done() for request in paying_in)
    assert order["status"] == "confirmed"
    assert {answer.status_code for answer in await asyncio.gather(*paying_in)} == {200}


@asynccontextmanager
async def locked_account(stack: Stack, customer: str) -> AsyncIterator[None]:
    """Inside the block nothing can be paid into it."""
    connection = await asyncpg.connect(stack.database_url("payment"))
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM accounts WHERE customer_id = $1 FOR UPDATE", customer)
            yield
    finally:
        await connection.close()


async def _waiting_for_a_lock(stack: Stack, role: str) -> int:
    async with stack.postgres.databases.session("postgres") as sql:
        waiting: int = await sql.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'", role
        )
    return waiting


async def _number_of(answers: dict[str, httpx2.Response]) -> int:
    return len(answers)
