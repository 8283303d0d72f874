"""The marks of suspects: one process has a message in hand, and only a dead one loses it."""

import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.messaging.consumer import suspects
from counterstep.messaging.consumer.suspects import LOOKS, Suspects, clearing
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from waiting import eventually

MESSAGE = UUID(int=7)
SOON = 0.05


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look and renew more often than in production."""
    monkeypatch.setattr(suspects, "RENEW_SECONDS", SOON)


@pytest.fixture
def first(transactions: PlatformTransactions) -> Suspects:
    return Suspects(uuid4(), transactions)


@pytest.fixture
def second(transactions: PlatformTransactions) -> Suspects:
    return Suspects(uuid4(), transactions)


async def marked(transactions: PlatformTransactions, of: Suspects, message: UUID = MESSAGE) -> int | None:
    async with transactions() as transaction:
        return await of.mark(transaction, message)


async def test_a_message_in_one_process_s_hand_is_not_in_another_s(
    transactions: PlatformTransactions, first: Suspects, second: Suspects
) -> None:
    assert await marked(transactions, first) == 0
    assert await marked(transactions, second) is None
    assert await marked(transactions, first) == 0  # it was delivered to it again


async def test_a_message_that_is_done_is_in_nobody_s_hand(
    transactions: PlatformTransactions, sql: Sql, first: Suspects, second: Suspects
) -> None:
    await marked(transactions, first)
    await marked(transactions, first, UUID(int=8))
    await execute_together(sql, [clearing([MESSAGE])])
    await second.watch(MESSAGE)
    assert await marked(transactions, second) == 0
    assert await marked(transactions, second, UUID(int=8)) is None


async def test_each_process_that_died_with_it_in_hand_is_counted(
    transactions: PlatformTransactions, first: Suspects, second: Suspects
) -> None:
    await marked(transactions, first)
    await second.watch(MESSAGE)
    assert await marked(transactions, second) == 1
    await first.watch(MESSAGE)
    assert await marked(transactions, first) == 2


async def test_a_process_that_renews_its_mark_is_alive(
    transactions: PlatformTransactions, first: Suspects, second: Suspects
) -> None:
    await marked(transactions, first)
    async with first.renewed(MESSAGE):
        watching = asyncio.create_task(second.watch(MESSAGE))
        await asyncio.wait([watching], timeout=4 * LOOKS * SOON)
        assert not watching.done()
    await watching  # it renews it no longer
    assert await marked(transactions, second) == 1


async def test_a_process_renews_its_own_marks_alone(
    transactions: PlatformTransactions, first: Suspects, second: Suspects
) -> None:
    await marked(transactions, first)
    async with second.renewed(MESSAGE), first.renewed(UUID(int=8)):
        await second.watch(MESSAGE)
    assert await marked(transactions, second) == 1


async def test_a_mark_that_was_renewed_after_the_last_look_is_not_replaced(
    transactions: PlatformTransactions, first: Suspects, second: Suspects, connection: asyncpg.Connection
) -> None:
    await marked(transactions, first)
    await second.watch(MESSAGE)
    await connection.execute("UPDATE suspects SET seen_at = now()")
    assert await marked(transactions, second) is None


async def test_a_mark_that_a_third_process_has_taken_meanwhile_is_not_replaced(
    transactions: PlatformTransactions, first: Suspects, second: Suspects, connection: asyncpg.Connection
) -> None:
    await marked(transactions, first)
    await second.watch(MESSAGE)
    await connection.execute("UPDATE suspects SET holder = $1", uuid4())
    assert await marked(transactions, second) is None


async def test_a_death_is_believed_once(
    transactions: PlatformTransactions, first: Suspects, second: Suspects, connection: asyncpg.Connection
) -> None:
    await marked(transactions, first)
    await second.watch(MESSAGE)
    before = await connection.fetchrow("SELECT holder, seen_at FROM suspects")
    assert await marked(transactions, second) == 1
    assert before is not None
    await connection.execute("UPDATE suspects SET holder = $1, seen_at = $2", *before)
    assert await marked(transactions, second) is None


async def test_nobody_is_taken_for_dead_while_the_database_is_away(
    transactions: PlatformTransactions, first: Suspects, second: Suspects, connection: asyncpg.Connection
) -> None:
    await marked(transactions, first)
    await connection.execute("ALTER TABLE suspects RENAME TO away")  # as it is for both of them
    try:
        watching = asyncio.create_task(second.watch(MESSAGE))
        renewing = first.renewed(MESSAGE)
        async with renewing:
            await asyncio.wait([watching], timeout=4 * LOOKS * SOON)
            assert not watching.done()
            await connection.execute("ALTER TABLE away RENAME TO suspects")

            async def renewed() -> bool:
                return bool(await connection.fetchval("SELECT now() - seen_at < interval '0.2 s' FROM suspects"))

            await eventually(renewed, until=bool)
            assert not watching.done()
        await watching
    finally:
        with suppress(asyncpg.UndefinedTableError):
            await connection.execute("ALTER TABLE away RENAME TO suspects")


async def test_a_mark_that_nobody_renews_is_forgotten_after_days(
    transactions: PlatformTransactions, sql: Sql, first: Suspects, second: Suspects, connection: asyncpg.Connection
) -> None:
    await marked(transactions, first)
    await marked(transactions, first, UUID(int=8))
    age = "UPDATE suspects SET seen_at = now() - make_interval(days => $1) WHERE fingerprint = $2"
    await connection.execute(age, suspects.KEPT_DAYS + 1, MESSAGE)
    await connection.execute(age, suspects.KEPT_DAYS - 1, UUID(int=8))
    await suspects.prune(sql)
    assert await marked(transactions, second) == 0
    assert await marked(transactions, second, UUID(int=8)) is None
