"""One transaction: what the domain changes and what it says about it are on disk together, or not at all."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from counterstep.messaging.database.database import Database, Lease
from counterstep.messaging.database.lazy_session import JOIN, LazySession
from counterstep.messaging.database.mapping import mapping_of
from counterstep.messaging.database.sql import Sql, Statement, execute_together
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.outbox import table as outbox
from counterstep.messaging.outbox.relay import Relay
from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.wire import envelope as envelopes
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.messages import Event, Reply
from counterstep.telemetry import current_traceparent, linked_span

AnyRow = TypeVar("AnyRow", bound=SQLModel)

log = structlog.get_logger()


class Transaction:
    """Domain rows by `session`, platform statements by `sql`, and what is to be said once it is committed."""

    def __init__(self, lent: Lease) -> None:
        self._lent = lent
        self._outgoing: list[Envelope] = []
        self._writes: list[Statement] = []
        self._afterwards: list[Callable[[], None]] = []

    @cached_property
    def session(self) -> AsyncSession:
        """Rows of the domain; what is changed of them is written at the end."""
        return AsyncSession(sync_session_class=LazySession, info={JOIN: self._lent.begin}, expire_on_commit=False)

    async def sql(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """One of the platform's statements, and the rows that it gives; what it locks stays so until the end."""
        connection = await self._lent.begin()
        return await connection.sql(statement, *arguments)

    async def look(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """The rows that a statement gives at this moment; it locks and writes nothing, so nothing need begin."""
        return await self._ask(statement, *arguments)

    async def read(self, row_class: type[AnyRow], keys: Collection[Any]) -> dict[Any, AnyRow]:
        """These rows as they stand, by primary key; what is changed of them is not written."""
        mapping = mapping_of(row_class)
        rows = (cast(AnyRow, mapping.row(found)) for found in await self.look(mapping.read, keys))
        return {getattr(row, mapping.key): row for row in rows}

    def add(self, row: SQLModel) -> None:
        """Write a new row. Raises `Taken` at the end, where there is one like it."""
        mapping = mapping_of(type(row))
        self.write(Statement(mapping.insert, (mapping.as_json([mapping.values(row)]),)))

    def write(self, statement: Statement) -> None:
        """Write this for the platform, at the end or when `written` is called."""
        self._writes.append(statement)

    def send(self, envelope: Envelope) -> None:
        """Put a message in the outbox, when the transaction commits."""
        self._outgoing.append(envelope)

    def after_commit(self, tell: Callable[[], None]) -> None:
        """Call this once the transaction is committed: what may be counted and shown of it, and never undone."""
        self._afterwards.append(tell)

    def announce(self, event: Event, *, saga_id: UUID) -> None:
        """Put an event in the outbox, when the transaction commits; it continues the current trace."""
        self.send(envelopes.event(event, saga_id=saga_id, traceparent=current_traceparent()))

    async def answer(self, token: str, reply: Reply) -> bool:
        """Answer a command that was taken on earlier; false where no answer is owed any more."""
        key = Token(token).key
        headers = await inbox.complete(self.sql, key, reply)
        if headers is None:
            return False
        about = {"saga.id": str(key.saga_id), "saga.step": key.step}
        with linked_span(f"answer {key.step}", headers.traceparent, about):
            headers = headers.model_copy(update={"traceparent": current_traceparent()})
        self.send(envelopes.reply(reply, saga_id=key.saga_id, headers=headers))
        return True

    async def written(self) -> None:
        """Carry out what is to be written, so that a statement sees it."""
        await self._flush(self.sql)

    async def end(self, lease: UUID) -> list[Stored]:
        """Write all that is left to write, and the outbox, at once; gives what the relay is to publish."""
        stored: list[Stored] = []
        if self._outgoing:
            self.write(outbox.inserting(self._outgoing, lease, stored.extend))
        await self._flush(self._ask)
        return stored

    async def _flush(self, sql: Sql) -> None:
        if "session" in self.__dict__:
            await self.session.flush()
        writes, self._writes = self._writes, []
        await execute_together(sql, writes)

    async def _ask(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """As a part of what was begun; or alone, where nothing was."""
        connection = await self._lent.take()
        return await connection.sql(statement, *arguments)

    async def close(self) -> None:
        """Let go of the domain's rows."""
        if "session" in self.__dict__:
            await self.session.close()

    def committed(self) -> None:
        """Tell of the commit. It stands, whatever a callback raises."""
        for tell in self._afterwards:
            try:
                tell()
            except Exception:
                log.exception("committed, and not told")


class Transactions:
    """Opens transactions; after each commit the relay is handed its messages from memory."""

    def __init__(self, database: Database, relay: Relay) -> None:
        self._database = database
        self._relay = relay

    @property
    def connected_seconds(self) -> float:
        """For how long the database and the broker have been there without a break; 0 while one is not."""
        return self._relay.connected_seconds

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Transaction]:
        """Commit at the end of the block; roll back and send nothing if it raises."""
        async with self._database.transaction() as join:
            transaction = Transaction(join)
            try:
                yield transaction
                stored = await transaction.end(self._relay.lease)
            finally:
                await transaction.close()
        self._relay.hand_over(stored)
        transaction.committed()
