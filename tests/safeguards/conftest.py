"""A database with every table of the platform, and nobody else who uses it."""

from collections.abc import AsyncIterator
from typing import cast

import asyncpg
import pytest
import pytest_asyncio
from counterstep.messaging.database.database import Database
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import Relay
from counterstep.migrations import (
    create_dead_letters,
    create_inbox,
    create_instances,
    create_outbox,
    create_outbox_quarantine,
    create_retries,
)
from infra.launcher.native.stack import Stack
from platform_tables import database_beside

TABLES = (
    create_outbox,
    create_outbox_quarantine,
    create_inbox,
    create_dead_letters,
    create_retries,
    create_instances,
)
EMPTY_ALL = """
DELETE FROM outbox; DELETE FROM outbox_quarantine; DELETE FROM inbox; DELETE FROM dead_letters;
DELETE FROM retries; DELETE FROM suspects;
DELETE FROM saga_runs; DELETE FROM saga_history; DELETE FROM deadlines; DELETE FROM rate_limits
"""
"""Far cheaper than to truncate as many tables."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database_url(stack: Stack) -> AsyncIterator[str]:
    """The address of the database."""
    async with database_beside(stack, "safeguards", TABLES) as url:
        yield url


@pytest.fixture
async def empty(database_url: str) -> str:
    """The same address. Every table is empty."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(EMPTY_ALL)
    await connection.close()
    return database_url


@pytest.fixture
async def connection(empty: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the database. A statement that waits for a lock fails."""
    connection = await asyncpg.connect(empty, server_settings={"lock_timeout": "1s"})
    yield connection
    await connection.close()


@pytest.fixture
async def other(empty: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection of another process, in a transaction that is rolled back at last."""
    connection = await asyncpg.connect(empty)
    await connection.execute("BEGIN")
    yield connection
    await connection.close()


@pytest.fixture
def sql(connection: asyncpg.Connection) -> Sql:
    """Statements that are each a transaction."""
    return cast(Sql, connection.fetch)


@pytest.fixture
async def transactions(empty: str) -> AsyncIterator[PlatformTransactions]:
    """A service's transactions, whose relay does not run: what is sent stays in the outbox."""
    database = Database(empty)
    yield PlatformTransactions(database, Relay(sender="hotel", amqp_url="amqp://nowhere", database_url=empty))
    await database.close()
