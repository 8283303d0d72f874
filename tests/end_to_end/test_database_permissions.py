"""In PostgreSQL each service owns the tables of its own database and nothing else: tried with its own role."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest
from contracts.topology import SERVICES
from counterstep.provision.databases import CONNECTION_LIMIT
from infra.components.postgres.databases import WATCHER, Databases
from infra.launcher.native.stack import Stack
from yarl import URL

REFUSED = {
    "create a database": "CREATE DATABASE mine",
    "create a role": "CREATE ROLE accomplice",
    "install an extension, even a trusted one": "CREATE EXTENSION hstore",
    "create a schema": "CREATE SCHEMA mine",
    "make itself a superuser": "ALTER ROLE payment SUPERUSER",
    "become another": 'SET ROLE "order"',
    "become the superuser": "SET ROLE postgres",
    "read the passwords": "SELECT * FROM pg_authid",
    "set what holds for the server": "ALTER SYSTEM SET fsync = off",
    "read the server's files": "SELECT pg_read_file('PG_VERSION')",
    "write the server's files": "COPY (SELECT 1) TO '/tmp/stolen'",
    "run the server's programs": "COPY (SELECT 1) TO PROGRAM 'true'",
    "end another's connections": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'order'",
}


@pytest.fixture
async def payment(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(stack.database_url("payment"))
    yield connection
    await connection.close()


async def open_connections(stack: Stack, opened: AsyncExitStack) -> None:
    for _ in range(CONNECTION_LIMIT + 1):
        opened.push_async_callback((await asyncpg.connect(stack.database_url("payment"))).close)


async def test_a_role_opens_no_more_connections_than_it_may_and_the_others_connect(stack: Stack) -> None:
    async with AsyncExitStack() as flood:
        with pytest.raises(asyncpg.TooManyConnectionsError, match="role"):
            await open_connections(stack, flood)
        await (await asyncpg.connect(stack.database_url("order"))).close()


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
async def test_a_service_s_role_may_not(payment: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await payment.execute(statement)


async def test_a_service_s_role_owns_its_tables(payment: asyncpg.Connection) -> None:
    owners = await payment.fetch("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert [row["tableowner"] for row in owners] == ["payment"]


@pytest.mark.parametrize("database", [*(name for name in SERVICES if name != "payment"), "postgres", "template1"])
async def test_no_role_opens_the_database_of_another(stack: Stack, database: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(str(URL(stack.database_url("payment")).with_path(f"/{database}")))


async def test_no_role_connects_without_its_password(stack: Stack) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(str(URL(stack.database_url("payment")).with_password("payment")))


@pytest.mark.parametrize("database", SERVICES)
async def test_the_role_that_watches_opens_no_service_s_database(stack: Stack, database: str) -> None:
    watcher = Databases(stack.home, stack.ports.postgres).url(WATCHER)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(str(URL(watcher).with_path(f"/{database}")))
