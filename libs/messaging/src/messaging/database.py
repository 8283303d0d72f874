"""A service's own database: transactions that are wholly on disk, or not at all."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from messaging.errors import is_outage
from messaging.pool import Connection, Pool

Join: TypeAlias = Callable[[], Awaitable[Connection]]
"""The transaction's connection; taken, and the transaction begun, when it is first asked for."""


class NotCommitted(Exception):  # noqa: N818 - what happened, as the reader of a log would say it
    """A statement had failed and its error was passed over, so the database has undone the transaction."""


class Database:
    """Begins and ends every transaction itself; SQLAlchemy joins the one that it finds."""

    def __init__(self, url: str) -> None:
        self.pool = Pool(url)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Join]:
        """Commit at the end of the block; roll back if it raises. Raises `NotCommitted`, or what the driver does.

        SQLAlchemy joins by `joining`; whoever needs no rows of the domain never wakes it.
        """
        joined: Connection | None = None

        async def join() -> Connection:
            nonlocal joined
            if joined is None:
                joined = await self.pool.take()
                await joined.driver.execute("BEGIN")
            return joined

        try:
            yield join
            if joined:
                await _commit(joined.driver)
        except BaseException as error:
            if joined:
                await self._roll_back(joined, error)
            raise
        if joined:
            self.pool.give_back(joined)

    async def ping(self) -> None:
        """Raise where it does not answer."""
        async with self.transaction() as join:
            await join()

    async def close(self) -> None:
        """Close every connection that is not in use."""
        await self.pool.close()

    async def _roll_back(self, connection: Connection, error: BaseException) -> None:
        """Where the connection may be at fault, or in the middle of a word, close it: that rolls back as well."""
        if isinstance(error, Exception) and not is_outage(error):
            try:
                await connection.driver.execute("ROLLBACK")
            except Exception:  # noqa: BLE001, S110 - the first error is the one to tell of
                pass
            else:
                self.pool.give_back(connection)
                return
        await self.pool.give_up(connection)


async def _commit(driver: asyncpg.Connection) -> None:
    if (ended := await driver.execute("COMMIT")) != "COMMIT":
        raise NotCommitted(ended)
