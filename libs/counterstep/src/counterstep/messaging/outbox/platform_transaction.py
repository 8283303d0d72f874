"""The platform's own transaction: domain rows, inbox and outbox are on disk together, or not at all.

Authors of services never see it. They are given a `Transaction`, which wraps one and shows six members of it.
Participants, the orchestrator, the keeper of dead letters and the platform's own routes work with it directly.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import structlog
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from counterstep.messaging.database.database import Database, Lease
from counterstep.messaging.database.lazy_session import lazy_session
from counterstep.messaging.database.mapping import mapping_of
from counterstep.messaging.database.sql import Sql, Statement, execute_together
from counterstep.messaging.outbox import table as outbox
from counterstep.messaging.outbox.relay import Relay
from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.sendable import check_sendable

log: Final = structlog.get_logger()


class PlatformTransaction:
    """Collects statements and messages, and writes them in one round trip when it ends.

    A transaction begins (`BEGIN`) with its first statement that locks or writes. One that only reads before its
    end never begins: all that it writes is one statement, which PostgreSQL carries out wholly or not at all. See
    docs/decisions/0035-what-locks-nothing-is-one-statement.md.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._session: AsyncSession | None = None
        self._messages: list[Envelope] = []
        self._writes: list[Statement] = []
        self._callbacks: list[Callable[[], None]] = []

    @property
    def session(self) -> AsyncSession:
        """The session for the domain's rows. It joins this transaction when it runs its first statement."""
        if self._session is None:
            self._session = lazy_session(self._lease)
        return self._session

    async def sql(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """Run a statement that locks or writes, and give its rows. Its locks are held until the end."""
        connection = await self._lease.begin()
        return await connection.sql(statement, *arguments)

    async def query(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """Run a statement that neither locks nor writes, and give its rows. It begins nothing."""
        connection = await self._lease.take()
        return await connection.sql(statement, *arguments)

    def insert(self, row: SQLModel) -> None:
        """Insert a new row at the end. The end raises `asyncpg.UniqueViolationError` where its key exists."""
        mapping = mapping_of(type(row))
        self.write(Statement(mapping.insert, (mapping.as_json([mapping.values(row)]),)))

    def write(self, statement: Statement) -> None:
        """Run this statement at the end, or at the next `flush`."""
        self._writes.append(statement)

    def send(self, envelope: Envelope) -> None:
        """Put a message in the outbox at the end. Raises `UnsendableError` where AMQP cannot carry it."""
        check_sendable(envelope)
        self._messages.append(envelope)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call this once the transaction is committed: for counters and traces, which cannot be rolled back."""
        self._callbacks.append(callback)

    async def flush(self) -> None:
        """Run now what is to be written, so that the statements after it see it."""
        await self._write_all(self.sql)

    async def finish(self, relay_lease: UUID) -> list[Stored]:
        """Write all that is left, and the outbox, in one statement; give the messages for the relay.

        The rows of the outbox are leased to the relay that `relay_lease` names. Where nothing has begun, the
        statement is the whole transaction. Raises `ConcurrencyConflictError` where another transaction was first.
        """
        stored: list[Stored] = []
        if self._messages:
            self.write(outbox.inserting(self._messages, relay_lease, stored.extend))
        await self._write_all(self.query)
        return stored

    async def close(self) -> None:
        """Release the session, if there is one."""
        if self._session is not None:
            await self._session.close()

    def committed(self) -> None:
        """Run the callbacks. The commit stands, whatever they raise."""
        for callback in self._callbacks:
            try:
                callback()
            except Exception:
                log.exception("a callback after the commit failed")

    async def _write_all(self, sql: Sql) -> None:
        if self._session is not None:
            await self._session.flush()
        writes, self._writes = self._writes, []
        await execute_together(sql, writes)


class PlatformTransactions:
    """Opens the platform's transactions. After each commit the relay is given its messages from memory."""

    def __init__(self, database: Database, relay: Relay) -> None:
        self._database = database
        self._relay = relay

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[PlatformTransaction]:
        """Commit at the end of the block. If the block raises, roll back and send nothing."""
        async with self._database.transaction() as lease:
            transaction = PlatformTransaction(lease)
            try:
                yield transaction
                stored = await transaction.finish(self._relay.lease)
            finally:
                await transaction.close()
        self._relay.hand_over(stored)
        transaction.committed()
