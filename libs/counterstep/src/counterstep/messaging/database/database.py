"""A service's own database: transactions that are wholly on disk, or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from counterstep.messaging.database.errors import is_outage
from counterstep.messaging.database.pool import Connection, Pool
from counterstep.messaging.database.pool_profile import REQUESTS, PoolProfile


class NotCommittedError(Exception):
    """A statement had failed and its error was passed over, so the database has undone the transaction."""


class Lease:
    """The connection of one transaction, taken when it is first asked for; and begun, where it must be.

    One that locks nothing and writes by one statement is that statement: it is all on disk, or not at all.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.taken: Connection | None = None
        self.is_begun = False

    async def take(self) -> Connection:
        """To read as it stands at this moment, or to write all at once."""
        if self.taken is None:
            self.taken = await self._pool.take()
        return self.taken

    async def begin(self) -> Connection:
        """From here on its statements hold together; SQLAlchemy joins them."""
        connection = await self.take()
        if not self.is_begun:
            await connection.driver.execute("BEGIN")
            self.is_begun = True
        return connection


class Database:
    """Begins and ends every transaction itself; SQLAlchemy joins the one that it finds."""

    def __init__(self, url: str, compartment: PoolProfile = REQUESTS) -> None:
        self.pool = Pool(url, compartment)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Lease]:
        """Commit at the end of the block; roll back if it raises. Raises `NotCommitted`, or what the driver does.

        SQLAlchemy joins by `joining`; whoever needs no rows of the domain never wakes it.
        """
        lent = Lease(self.pool)
        try:
            yield lent
            if lent.taken and lent.is_begun:
                await _commit(lent.taken.driver)
        except BaseException as error:
            if lent.taken:
                await self._let_go(lent.taken, error, is_begun=lent.is_begun)
            raise
        if lent.taken:
            self.pool.give_back(lent.taken)

    async def ping(self) -> None:
        """Raise where it does not answer."""
        async with self.transaction() as lent:
            await lent.begin()

    async def close(self) -> None:
        """Close every connection that is not in use."""
        await self.pool.close()

    async def _let_go(self, connection: Connection, error: BaseException, *, is_begun: bool) -> None:
        """Roll back. Where the connection may be at fault, or amid a word, close it: that does so too."""
        if isinstance(error, Exception) and not is_outage(error):
            try:
                if is_begun:
                    await connection.driver.execute("ROLLBACK")
            except Exception:  # noqa: BLE001, S110 - the first error is the one to tell of
                pass
            else:
                self.pool.give_back(connection)
                return
        await self.pool.give_up(connection)


async def _commit(driver: asyncpg.Connection) -> None:
    if (ended := await driver.execute("COMMIT")) != "COMMIT":
        raise NotCommittedError(ended)
