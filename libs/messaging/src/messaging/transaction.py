"""One transaction: what the domain changes and what it says about it are on disk together, or not at all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from contracts.base import Event, Reply
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession
from telemetry import current_traceparent, elsewhere

from messaging import envelope as envelopes
from messaging import inbox, outbox, sql
from messaging.envelope import Envelope
from messaging.relay import Relay
from messaging.token import Token

log = structlog.get_logger()


class Transaction:
    """Domain rows by `session`, platform statements by `sql`, and what is to be said once it is committed."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.sql = sql.inside(session)
        self.outgoing: list[Envelope] = []
        self._afterwards: list[Callable[[], None]] = []

    def send(self, envelope: Envelope) -> None:
        """Put a message in the outbox, when the transaction commits."""
        self.outgoing.append(envelope)

    def after_commit(self, tell: Callable[[], None]) -> None:
        """Call this once the transaction is committed: what may be counted and shown of it, and never undone."""
        self._afterwards.append(tell)

    def announce(self, event: Event, *, saga_id: UUID) -> None:
        """Put an event in the outbox, when the transaction commits; it continues the current trace."""
        self.send(envelopes.event(event, saga_id=saga_id, traceparent=current_traceparent()))

    async def answer(self, token: str, reply: Reply) -> bool:
        """Answer a command that was taken on earlier; false where no answer is owed any more."""
        key = Token(token).key
        headers = await inbox.pay(self.sql, key, reply)
        if headers is None:
            return False
        about = {"saga.id": str(key.saga_id), "saga.step": key.step}
        with elsewhere(f"answer {key.step}", headers.traceparent, about):
            headers = headers.model_copy(update={"traceparent": current_traceparent()})
        self.send(envelopes.reply(reply, saga_id=key.saga_id, headers=headers))
        return True

    def committed(self) -> None:
        """Tell of the commit. It stands, whatever a callback raises."""
        for tell in self._afterwards:
            try:
                tell()
            except Exception:
                log.exception("committed, and not told")


class Transactions:
    """Opens transactions; after each commit the relay is handed its messages from memory."""

    def __init__(self, engine: AsyncEngine, relay: Relay) -> None:
        self._engine = engine
        self._relay = relay

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Transaction]:
        """Commit at the end of the block; roll back and send nothing if it raises."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            transaction = Transaction(session)
            yield transaction
            await session.flush()
            stored = []
            if transaction.outgoing:
                stored = await outbox.insert(transaction.sql, transaction.outgoing, self._relay.lease)
            await session.commit()
        self._relay.hand_over(stored)
        transaction.committed()
