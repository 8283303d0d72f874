"""Work after the commit sees rows that are on disk, and no others."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from uuid import uuid4

import asyncpg
import pytest
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.errors import ConcurrencyConflictError, NotCommittedError
from counterstep.messaging.database.sql import Statement
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import Relay
from faults.database import superuser
from infra.launcher.native.stack import Stack
from payment.model import Account


@pytest.fixture
async def transactions(stack: Stack) -> AsyncIterator[PlatformTransactions]:
    """Transactions on a real database, whose relay does not run."""
    url = stack.database_url("payment")
    database = Database(url)
    yield PlatformTransactions(
        database, Relay(sender="payment", amqp_url=stack.broker.url("payment"), database_url=url)
    )
    await database.close()


async def test_callbacks_run_in_order_after_the_commit(transactions: PlatformTransactions) -> None:
    called: list[str] = []
    async with transactions() as transaction:
        transaction.after_commit(lambda: called.append("one"))
        transaction.after_commit(lambda: called.append("two"))
        assert not called
    assert called == ["one", "two"]


async def test_a_rollback_runs_no_callback(transactions: PlatformTransactions) -> None:
    called: list[str] = []

    async def roll_back() -> None:
        async with transactions() as transaction:
            transaction.after_commit(lambda: called.append("one"))
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        await roll_back()
    assert not called


async def test_a_failed_commit_runs_no_callback(stack: Stack, transactions: PlatformTransactions) -> None:
    called: list[str] = []

    async def lose_the_connection() -> None:
        async with transactions() as transaction:
            transaction.after_commit(lambda: called.append("one"))
            ((backend,),) = await transaction.sql("SELECT pg_backend_pid()")
            async with superuser(stack) as connection:
                assert await connection.fetchval("SELECT pg_terminate_backend($1, 5000)", backend)
            called.append("about to commit")

    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        await lose_the_connection()
    assert called == ["about to commit"]


async def test_a_failing_callback_undoes_nothing_and_stops_no_other_callback(
    transactions: PlatformTransactions,
) -> None:
    called: list[str] = []

    def fail() -> None:
        raise RuntimeError("boom")

    async with transactions() as transaction:
        transaction.after_commit(fail)
        transaction.after_commit(lambda: called.append("two"))
    assert called == ["two"]


async def test_a_transaction_whose_error_was_passed_over_is_not_taken_for_committed(
    transactions: PlatformTransactions,
) -> None:
    called: list[str] = []

    async def pass_over_an_error() -> None:
        async with transactions() as transaction:
            transaction.after_commit(lambda: called.append("one"))
            with suppress(asyncpg.DivisionByZeroError):
                await transaction.sql("SELECT 1 / 0")

    with pytest.raises(NotCommittedError):
        await pass_over_an_error()
    assert not called


async def test_what_is_only_written_at_the_end_is_on_disk_without_a_commit(
    transactions: PlatformTransactions,
) -> None:
    ada = Account(customer_id=f"ada-{uuid4()}", available=1)
    async with transactions() as transaction:
        transaction.insert(ada)
    async with transactions() as transaction:
        assert await transaction.session.get(Account, ada.customer_id) == ada


@pytest.mark.parametrize("is_begun", [False, True])
async def test_a_write_that_finds_too_few_rows_rolls_back_the_others(
    transactions: PlatformTransactions, *, is_begun: bool
) -> None:
    ada, called = f"ada-{uuid4()}", list[Sequence[object]]()

    async def write() -> None:
        async with transactions() as transaction:
            if is_begun:
                await transaction.sql("SELECT 1")
            transaction.insert(Account(customer_id=ada))
            transaction.write(Statement("SELECT 1 WHERE false", (), called.append, at_least=1))

    with pytest.raises(ConcurrencyConflictError):
        await write()
    async with transactions() as transaction:
        assert await transaction.session.get(Account, ada) is None
    assert not called


@pytest.fixture
async def account(transactions: PlatformTransactions) -> str:
    """An account with 100 cents."""
    customer_id = f"reader-{uuid4().hex}"
    async with transactions() as transaction:
        transaction.insert(Account(customer_id=customer_id, available=100))
    return customer_id


async def test_a_row_that_was_read_by_its_key_belongs_to_the_session(
    transactions: PlatformTransactions, account: str
) -> None:
    async with transactions() as transaction:
        read = await transaction.session.get(Account, account)
        assert read is not None
        assert await transaction.session.get(Account, account) is read
        read.available -= 1
    async with transactions() as transaction:
        assert (await transaction.session.get_one(Account, account)).available == 99


async def test_a_row_is_locked_and_refreshed_if_that_is_asked_for(
    transactions: PlatformTransactions, account: str
) -> None:
    async with transactions() as transaction:
        read = await transaction.session.get_one(Account, account)
        async with transactions() as other:
            (await other.session.get_one(Account, account)).available = 7
        locked = await transaction.session.get(Account, account, with_for_update=True, populate_existing=True)
        assert locked is read
        assert read.available == 7


async def test_there_is_no_row_of_an_unknown_key(transactions: PlatformTransactions) -> None:
    async with transactions() as transaction:
        assert await transaction.session.get(Account, "nobody") is None
