"""A pool of connections to a service's database. Each is leased to one transaction at a time.

SQLAlchemy's own pool costs a transaction more than its statements do: three greenlets and a task to take one
connection and to give it back. So each connection stays checked out of SQLAlchemy, and this pool leases it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Self, cast

import asyncpg
from sqlalchemy import ExceptionContext, NullPool, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from counterstep.messaging.database.errors import PoolExhaustedError
from counterstep.messaging.database.pool_profile import PoolProfile
from counterstep.messaging.database.sql import Sql

TAKE_SECONDS: Final = 5.0
"""How long a transaction waits for a connection to come free."""
MOST_WAITING: Final = 100
"""Where this many transactions wait already, the next one fails at once: it would be served too late."""
STATEMENT_SECONDS: Final = 10
READ_TIMEOUT_SECONDS: Final = STATEMENT_SECONDS + 2
"""A database that sends nothing for longer than a statement may take is gone, even if its connection is open."""
LOCK_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection, as SQLAlchemy knows it for the domain's rows, and as the driver does for our statements."""

    orm: AsyncConnection
    driver: asyncpg.Connection

    @classmethod
    async def opened(cls, engine: AsyncEngine) -> Self:
        """Raises what the driver raises where the database does not answer."""
        orm = await engine.connect()
        return cls(orm, cast(asyncpg.Connection, (await orm.get_raw_connection()).driver_connection))

    @property
    def sql(self) -> Sql:
        """The platform's statements go straight to the driver."""
        return cast(Sql, self.driver.fetch)

    async def drop(self) -> None:
        """Close it at once, even in the middle of a statement."""
        self.driver.terminate()
        with suppress(Exception):  # a failure to close is not what the transaction failed of
            await self.orm.invalidate()
            await self.orm.close()


class Pool:
    """Opens a connection when one is needed and none is idle, up to the profile's size."""

    def __init__(self, url: str, profile: PoolProfile) -> None:
        self.profile = profile
        settings = {**_timeouts(), **profile.settings}
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            # asyncpg parses the address: SQLAlchemy would not pass on its TLS options.
            async_creator=partial(
                asyncpg.connect, url, server_settings=settings, command_timeout=READ_TIMEOUT_SECONDS
            ),
            isolation_level="AUTOCOMMIT",  # `Database` begins and ends transactions, SQLAlchemy does not
            poolclass=NullPool,
        )
        event.listen(self._engine.sync_engine, "handle_error", _read_timeout_is_a_lost_connection)
        self._free = asyncio.Semaphore(profile.size)
        self._waiting = 0
        self._idle: list[Connection] = []
        self.leased = 0

    @property
    def idle(self) -> int:
        """How many connections are open and not leased."""
        return len(self._idle)

    async def take(self) -> Connection:
        """Lease a connection; end the lease by `give_back` or `give_up`.

        Raises `PoolExhaustedError` at once where too many wait already, `TimeoutError` where none comes free in
        time, and what the driver raises where a new one cannot be opened.
        """
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        try:
            connection = await self._newest_idle() or await Connection.opened(self._engine)
        except BaseException:
            self._free.release()
            raise
        self.leased += 1
        return connection

    def give_back(self, connection: Connection) -> None:
        """End the lease of a connection that has no transaction open."""
        self._idle.append(connection)
        self._returned()

    async def give_up(self, connection: Connection) -> None:
        """End the lease of a connection whose state is uncertain: close it."""
        self._returned()
        await connection.drop()

    async def close(self) -> None:
        """Close the connections that are idle."""
        while self._idle:
            await self._idle.pop().orm.close()
        await self._engine.dispose()

    async def _newest_idle(self) -> Connection | None:
        """The connection that was used last, so that the others stay idle; closed ones are dropped on the way."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.driver.is_closed():
                return connection
            await connection.drop()
        return None

    async def _wait(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise PoolExhaustedError(f"{self._waiting} transactions wait for a connection already")
        self._waiting += 1
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._free.acquire()
        finally:
            self._waiting -= 1

    def _returned(self) -> None:
        self.leased -= 1
        self._free.release()


def _read_timeout_is_a_lost_connection(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _timeouts() -> dict[str, str]:
    return {
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    }
