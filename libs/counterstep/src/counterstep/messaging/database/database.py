"""A service's own database, and its transactions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from counterstep.messaging.database.errors import NotCommittedError, is_outage
from counterstep.messaging.database.pool import Connection, Pool
from counterstep.messaging.database.pool_profile import REQUESTS, PoolProfile


class Lease:
    """The pooled connection of one transaction: taken when it is first needed, begun at its first lock or write.

    It is not the lease of the outbox, which says which relay may publish a row.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.connection: Connection | None = None
        self.is_begun = False

    async def take(self) -> Connection:
        """The connection. Each statement is a transaction of its own, until `begin` is called."""
        if self.connection is None:
            self.connection = await self._pool.take()
        return self.connection

    async def begin(self) -> Connection:
        """The connection, after `BEGIN`: from here on its statements are one transaction."""
        connection = await self.take()
        if not self.is_begun:
            await connection.driver.execute("BEGIN")
            self.is_begun = True
        return connection


class Database:
    """Begins and ends the transactions of one pool. SQLAlchemy sends no `BEGIN`, `COMMIT` or `ROLLBACK`."""

    def __init__(self, url: str, profile: PoolProfile = REQUESTS) -> None:
        self.pool = Pool(url, profile)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Lease]:
        """Commit at the end of the block; roll back if it raises.

        Raises `NotCommittedError` where the block hid the error of a statement, and otherwise what the driver
        raises. Where nothing was begun there is nothing to commit.
        """
        lease = Lease(self.pool)
        try:
            yield lease
            if lease.connection and lease.is_begun:
                await _commit(lease.connection.driver)
        except BaseException as error:
            if lease.connection:
                await self._roll_back(lease.connection, error, is_begun=lease.is_begun)
            raise
        if lease.connection:
            self.pool.give_back(lease.connection)

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        async with self.transaction() as lease:
            await lease.begin()

    async def close(self) -> None:
        """Close every connection that is not in use."""
        await self.pool.close()

    async def _roll_back(self, connection: Connection, error: BaseException, *, is_begun: bool) -> None:
        """Roll back and keep the connection. If its state is uncertain, close it, which rolls back too.

        It is uncertain after an outage, and after a cancellation in the middle of a statement.
        """
        if isinstance(error, Exception) and not is_outage(error):
            try:
                if is_begun:
                    await connection.driver.execute("ROLLBACK")
            except Exception:  # noqa: BLE001, S110 - the first error is the one to report
                pass
            else:
                self.pool.give_back(connection)
                return
        await self.pool.give_up(connection)


async def _commit(driver: asyncpg.Connection) -> None:
    if (status := await driver.execute("COMMIT")) != "COMMIT":
        raise NotCommittedError(f"PostgreSQL answered COMMIT with {status}: an error of a statement was ignored")
