"""What is told after the commit is told of what is on disk, and of nothing else."""

from collections.abc import AsyncIterator

import pytest
from faults.database import superuser
from infra.stack import Stack
from messaging import Transactions
from messaging.relay import Relay
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.fixture
async def transactions(stack: Stack) -> AsyncIterator[Transactions]:
    """Transactions on a real database, whose relay does not run."""
    url = stack.database_url("payment")
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    yield Transactions(engine, Relay(sender="payment", amqp_url=stack.broker.url("payment"), database_url=url))
    await engine.dispose()


async def test_what_was_committed_is_told_in_order_after_the_commit(transactions: Transactions) -> None:
    told: list[str] = []
    async with transactions() as transaction:
        transaction.after_commit(lambda: told.append("one"))
        transaction.after_commit(lambda: told.append("two"))
        assert not told
    assert told == ["one", "two"]


async def test_what_was_rolled_back_is_not_told(transactions: Transactions) -> None:
    told: list[str] = []

    async def roll_back() -> None:
        async with transactions() as transaction:
            transaction.after_commit(lambda: told.append("one"))
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        await roll_back()
    assert not told


async def test_what_could_not_be_committed_is_not_told(stack: Stack, transactions: Transactions) -> None:
    told: list[str] = []

    async def lose_the_connection() -> None:
        async with transactions() as transaction:
            transaction.after_commit(lambda: told.append("one"))
            ((backend,),) = await transaction.sql("SELECT pg_backend_pid()")
            async with superuser(stack) as connection:
                assert await connection.fetchval("SELECT pg_terminate_backend($1, 5000)", backend)
            told.append("about to commit")

    with pytest.raises(DBAPIError):
        await lose_the_connection()
    assert told == ["about to commit"]


async def test_a_callback_that_fails_undoes_nothing_and_hinders_no_other(transactions: Transactions) -> None:
    told: list[str] = []

    def fail() -> None:
        raise RuntimeError("boom")

    async with transactions() as transaction:
        transaction.after_commit(fail)
        transaction.after_commit(lambda: told.append("two"))
    assert told == ["two"]
