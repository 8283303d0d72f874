"""Faults of the database server itself, made by its superuser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET
from infra.launcher.native.stack import Stack
from waiting import eventually
from yarl import URL

from faults.processes import frozen
from faults.queues import messages

_COMMITTING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = $1"

_END_THOSE_THAT_COMMIT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = $1
"""

_END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1"


@asynccontextmanager
async def superuser(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    url = URL(stack.database_url("order")).with_user(SUPERUSER).with_password(stack.home.secret(SUPERUSER_SECRET))
    connection = await asyncpg.connect(str(url.with_path("/postgres")))
    try:
        yield connection
    finally:
        await connection.close()


async def end_in_commit(stack: Stack, role: str) -> None:
    """End connections of this role during a COMMIT: what they wrote is on disk, but they got no answer."""
    async with superuser(stack) as connection:

        async def try_once() -> int:
            async with AsyncExitStack() as hanging:
                # While all commits hang no work comes to this role; so it stands still until it has some.
                async with frozen(stack, role):
                    if not await _comes_to_be(lambda: messages(stack, role)):
                        return 0
                    await hanging.enter_async_context(_commits_that_hang(connection))
                await _comes_to_be(lambda: connection.fetchval(_COMMITTING, role))
                ended: int = await connection.fetchval(_END_THOSE_THAT_COMMIT, role)
                return ended

        await eventually(try_once, until=bool, within=60)


async def _comes_to_be(read: Callable[[], Awaitable[int]]) -> bool:
    """Whether there is any within a while: longer than the broker's figures are old."""
    try:
        await eventually(read, until=bool, within=8)
    except AssertionError:
        return False
    return True


@asynccontextmanager
async def refused(stack: Stack, role: str) -> AsyncIterator[None]:
    """Inside the block the server has no connection left for this role."""
    async with superuser(stack) as connection:
        await connection.execute(f"ALTER ROLE {role} CONNECTION LIMIT 0")
        try:
            await connection.execute(_END_ALL, role)
            yield
        finally:
            await connection.execute(f"ALTER ROLE {role} CONNECTION LIMIT -1")


@asynccontextmanager
async def _commits_that_hang(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Inside the block every COMMIT waits, before it answers, for a replica that is not there."""
    try:
        await _wait_for_replica(connection, "nobody")
        yield
    finally:
        await _wait_for_replica(connection, "")


async def _wait_for_replica(connection: asyncpg.Connection, name: str) -> None:
    await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
    await connection.execute("SELECT pg_reload_conf()")
