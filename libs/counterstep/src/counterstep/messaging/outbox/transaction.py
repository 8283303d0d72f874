"""What the author of a service does in a transaction: read and change rows, publish events, complete commands."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from counterstep.messaging.database.upsert import Row, upsert
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.inbox.token import Token
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions
from counterstep.messaging.wire import envelope as envelopes
from counterstep.protocol.messages import Event, Reply
from counterstep.telemetry import current_traceparent, linked_span


class Transaction:
    """One transaction of a service: its rows and its messages are on disk together, or not at all.

    A route gets one as `tx: OpenTransaction`. It is committed before the answer leaves, and rolled back if the
    route raises:

    ```python
    @router.post("/trips/{trip_id}/cancel", status_code=202)
    async def cancel(trip_id: UUID, tx: OpenTransaction) -> TripView:
        trip = await tx.session.get_one(Trip, trip_id, with_for_update=True)
        trip.request_cancellation()
        tx.publish(TripCancelled(trip_id=trip_id), saga_id=trip.saga_id)
        return TripView.model_validate(trip)
    ```
    """

    def __init__(self, begin: PlatformTransactions, under_way: AsyncExitStack, first: PlatformTransaction) -> None:
        self._begin = begin
        self._under_way = under_way
        self._platform = first

    @property
    def session(self) -> AsyncSession:
        """SQLModel's session. What it changes is written at the end, with the messages.

        A plain `SELECT` costs one round trip to the database. The first statement that locks or writes begins
        the transaction, and from there to the commit its locks are held. Never call the session's own `commit` or
        `rollback`.
        """
        return self._platform.session

    def insert(self, row: SQLModel) -> None:
        """Insert a new row at the end, in the same round trip as the messages.

        `session.add` does the same in three more round trips, and can be read back before the end. Here the row
        is written from its columns, so relationships and the database's column defaults are not used. Raises
        `TypeError` for a table with a column of bytes. The commit raises asyncpg's `UniqueViolationError` where a
        unique key of the row exists already.
        """
        self._platform.insert(row)

    async def upsert(self, row: Row, *changes: str) -> Row:
        """Insert the row, or change these columns of the row that has its primary key: what a PUT does.

        Returns the row as it then is. Two callers may do it at once.

        ```python
        offer = await tx.upsert(Offer(offer="flight to Lisbon", available=5), "available")
        ```
        """
        return await upsert(self.session, row, *changes)

    def publish(self, event: Event, *, saga_id: UUID) -> None:
        """Send an event when the transaction commits. It continues the current trace.

        `saga_id` is the saga instance that the event is about. For a `StartEvent` choose a new uuid7.
        """
        traceparent = current_traceparent()
        self._platform.send(envelopes.event(event, saga_id=saga_id, traceparent=traceparent))

    async def complete(self, token: str, reply: Reply) -> bool:
        """Answer a command whose handler kept and returned this token.

        The reply is sent when the transaction commits. Returns False, and sends nothing, where the command no
        longer waits for a reply: it was completed before, or compensated. Raises `ValueError` for a
        text that is no token.
        """
        key = Token(token).key
        headers = await inbox.complete(self._platform.sql, key, reply)
        if headers is None:
            return False
        about = {"saga.id": str(key.saga_id), "saga.step": key.step}
        with linked_span(f"complete {key.step}", headers.traceparent, about):
            headers = headers.model_copy(update={"traceparent": current_traceparent()})
        self._platform.send(envelopes.reply(reply, saga_id=key.saga_id, headers=headers))
        return True

    async def commit(self) -> None:
        """Commit now instead of at the end. What follows is a transaction of its own.

        It is for code that can do something about a failure, which at the end is too late: after asyncpg's
        `UniqueViolationError` of an `insert`, for example, the row that was there first can be read. And no
        transaction need be open during a call of another system:

        ```python
        trip = await tx.session.get_one(Trip, trip_id)
        await tx.commit()
        offer = await best_offer(trip)
        tx.insert(Booking(trip_id=trip_id, offer=offer))
        ```
        """
        try:
            await self._under_way.pop_all().aclose()
        finally:
            self._platform = await self._under_way.enter_async_context(self._begin())


class Transactions:
    """Opens transactions: `async with transactions() as tx`."""

    def __init__(self, platform: PlatformTransactions) -> None:
        self._platform = platform

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Transaction]:
        """Commit at the end of the block. If the block raises, roll back and send nothing."""
        async with AsyncExitStack() as under_way:
            first = await under_way.enter_async_context(self._platform())
            yield Transaction(self._platform, under_way, first)
