"""Connections to a service's database, lent to one transaction at a time.

SQLAlchemy's own pool costs a transaction more than its statements do: three greenlets and a task to take one
connection and give it back. So each connection stays taken from SQLAlchemy, and is lent here.
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
MOST_WAITING: Final = 100
"""Beyond so many that wait for a connection, who comes is told at once to come again later."""
STATEMENT_SECONDS: Final = 10
SILENCE_SECONDS: Final = STATEMENT_SECONDS + 2
"""A database that says nothing for longer than a statement may take is gone, though its connection stands."""
LOCK_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection, as SQLAlchemy knows it for the domain's rows, and as the driver does for our statements."""

    orm: AsyncConnection
    driver: asyncpg.Connection

    @classmethod
    async def opened(cls, engine: AsyncEngine) -> Self:
        """Raises whatever keeps the database from answering."""
        orm = await engine.connect()
        return cls(orm, cast(asyncpg.Connection, (await orm.get_raw_connection()).driver_connection))

    @property
    def sql(self) -> Sql:
        """The platform's statements go straight to the driver."""
        return cast(Sql, self.driver.fetch)

    async def drop(self) -> None:
        """Close it at once, whatever it is in the middle of."""
        self.driver.terminate()
        with suppress(Exception):  # whatever its end has to say, it is not what the transaction failed of
            await self.orm.invalidate()
            await self.orm.close()


class Pool:
    """Opens a connection when one is wanted and none is idle; whoever waits for too long is told so."""

    def __init__(self, url: str, compartment: PoolProfile) -> None:
        self.compartment = compartment
        settings = {**_timeouts(), **compartment.settings}
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            # asyncpg reads the address itself: SQLAlchemy would not hand on what it says of TLS.
            async_creator=partial(asyncpg.connect, url, server_settings=settings, command_timeout=SILENCE_SECONDS),
            isolation_level="AUTOCOMMIT",  # transactions are begun and ended by whoever is lent the connection
            poolclass=NullPool,
        )
        event.listen(self._engine.sync_engine, "handle_error", _silence_is_a_lost_connection)
        self._free = asyncio.Semaphore(compartment.size)
        self._waiting = 0
        self._idle: list[Connection] = []
        self.lent = 0

    @property
    def idle(self) -> int:
        """How many connections are open and not lent."""
        return len(self._idle)

    async def take(self) -> Connection:
        """Raises `Busy` at once where too many wait already, `TimeoutError` where none comes free in time.

        And whatever keeps a new one from being opened.
        """
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        try:
            taken = await self._newest_idle() or await Connection.opened(self._engine)
        except BaseException:
            self._free.release()
            raise
        self.lent += 1
        return taken

    def give_back(self, connection: Connection) -> None:
        """Whoever was lent it is done with it, and has left it as it was."""
        self._idle.append(connection)
        self._returned()

    async def give_up(self, connection: Connection) -> None:
        """Whoever was lent it cannot say in which state it is."""
        self._returned()
        await connection.drop()

    async def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            await self._idle.pop().orm.close()
        await self._engine.dispose()

    async def _newest_idle(self) -> Connection | None:
        """The one used last, so that those of a rush fall silent; one that the server has closed is let go."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.driver.is_closed():
                return connection
            await connection.drop()
        return None

    async def _wait(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise PoolExhaustedError(f"{self._waiting} are waiting for a connection already")
        self._waiting += 1
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._free.acquire()
        finally:
            self._waiting -= 1

    def _returned(self) -> None:
        self.lent -= 1
        self._free.release()


def _silence_is_a_lost_connection(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _timeouts() -> dict[str, str]:
    return {
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    }
