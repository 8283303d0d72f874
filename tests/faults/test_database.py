"""The database server dies, refuses, or ends a transaction of its own accord."""

import asyncio
from signal import SIGKILL, SIGQUIT, Signals

import asyncpg
import pytest
from contracts.topology import SERVICES
from waiting import eventually

from faults.database import end_in_commit, refused, superuser
from faults.market import Market

_IN_A_DEADLOCK_SO_FAR = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'inventory'"


@pytest.mark.parametrize("signal", [SIGKILL, SIGQUIT], ids=["killed", "stopped immediately"])
async def test_a_database_server_that_dies_loses_nothing(market: Market, signal: Signals) -> None:
    async with market.trading(100) as placing:
        await asyncio.wait(placing[:30])
        await asyncio.to_thread(market.shop.stack.kill, "postgres", signal)
    await market.assert_sound()


async def test_transactions_that_are_ended_in_their_commit_take_effect_once(market: Market) -> None:
    async with market.busy():
        for service in SERVICES:
            await end_in_commit(market.shop.stack, service)
    await market.assert_sound()


async def test_while_the_server_refuses_connections_messages_wait(market: Market) -> None:
    async with refused(market.shop.stack, "payment"):
        order = await market.shop.order(await market.place())
        assert (await market.shop.call("GET", "payment", "/health/ready")).status_code == 503
    assert (await market.shop.ended(order["order_id"]))["status"] == "confirmed"
    await market.assert_sound()


async def test_the_victim_of_a_deadlock_runs_again(market: Market) -> None:
    desk, lamp = sorted(market.scope.stocked)
    lock = "SELECT FROM stock WHERE sku = $1 FOR UPDATE"
    connection = await asyncpg.connect(market.shop.stack.database_url("inventory"))
    before = await deadlocks(market)
    async with connection.transaction():
        await connection.execute(lock, lamp)
        await market.place()
        await eventually(lambda: waiting_for_locks(market), until=bool)
        await connection.execute(lock, desk)
        await eventually(lambda: deadlocks(market), until=lambda count: count > before)
    await connection.close()
    await market.assert_sound()


async def waiting_for_locks(market: Market) -> int:
    async with superuser(market.shop.stack) as connection:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'inventory'"
        )
        return count


async def deadlocks(market: Market) -> int:
    async with superuser(market.shop.stack) as connection:
        count: int = await connection.fetchval(_IN_A_DEADLOCK_SO_FAR)
        return count
