"""Dead letters are moved from a service's dead letter queue into its database, where a person can look at them.

A dead letter waits until an operator redrives it or discards it. A redriven message keeps its id and goes to the
queue where it died; what was done before it died is answered from the inbox. If it dies again, it waits again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from counterstep.messaging.consumer import gauges
from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.consumer.task import Task
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.scrape.measuring import Measure
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.sendable import check_sendable
from counterstep.protocol.exchanges import RETRY, RETRY_DELAYS
from counterstep.protocol.headers import Headers
from counterstep.topology.topology import Topology

REPLAY_WITHIN: Final = timedelta(days=inbox.RETENTION_DAYS) / 2
"""The inbox must still hold the answer to a message that is redriven, so that nothing is done twice."""

_KEEP = """
INSERT INTO dead_letters (message_id, saga_id, type, origin, reason, headers, body, deaths, status, died_at)
SELECT message_id, saga_id, type, origin, reason, headers, body, 1, 'waiting', now()
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
     AS letter (message_id, saga_id, type, origin, reason, headers, body)
ON CONFLICT (message_id) DO UPDATE
SET reason = excluded.reason, headers = excluded.headers, deaths = dead_letters.deaths + 1, status = 'waiting',
    died_at = now(), settled_by = NULL, settled_because = NULL
"""


class DeadLetter(SQLModel, table=True):
    """One dead letter: the message, where, why and how often it died, and what became of it."""

    __tablename__ = "dead_letters"
    __table_args__ = (Index("dead_letters_waiting", "message_id", postgresql_where=text("status = 'waiting'")),)

    message_id: UUID = Field(primary_key=True)
    saga_id: UUID
    type: str
    origin: str
    reason: str
    headers: str
    body: bytes = Field(sa_type=LargeBinary)
    deaths: int
    status: LetterStatus = Field(sa_type=String)
    died_at: datetime = Field(sa_type=DateTime(timezone=True))
    settled_by: str | None = None
    settled_because: str | None = None

    def settle(self, status: LetterStatus, *, by: str, because: str) -> None:
        """Redrive or discard it.

        Raises `ValueError` if that was done already, if it is too old to redrive, or if AMQP cannot carry it.
        """
        if self.status != "waiting":
            raise ValueError(f"dead letter {self.message_id} is {self.status} already")
        if status == "replayed" and datetime.now(UTC) - self.died_at > REPLAY_WITHIN:
            raise ValueError(f"dead letter {self.message_id} is too old: whether it was done is no longer known")
        if status == "replayed":
            check_sendable(self.redriven())
        self.status, self.settled_by, self.settled_because = status, by, because

    def redriven(self) -> Envelope:
        """The same message, on its way back to the queue where it died, with no failures counted."""
        headers = Headers.stored(self.headers)
        return Envelope(
            message_id=self.message_id,
            saga_id=self.saga_id,
            type=self.type,
            exchange=RETRY,
            routing_key=f"{self.origin}.{next(iter(RETRY_DELAYS))}",
            body=self.body,
            headers=headers.model_copy(update={"failures": 0, "origin": None, "reason": None}),
        )


class DeadLetterKeeper:
    """The consumer of a service's dead letter queue: it stores each dead letter."""

    tasks: tuple[Task, ...] = ()
    measures: tuple[Measure, ...] = (gauges.of_dead_letters,)
    admission = None

    def __init__(self, topology: Topology, service: str) -> None:
        self.name = service
        self.topology = topology
        self.queues = (f"{service}.dead_letters",)

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> None:
        """Store the whole batch."""
        letters = list({each.envelope.message_id: each.envelope for each in batch}.values())
        await transaction.sql(
            _KEEP,
            [each.message_id for each in letters],
            [each.saga_id for each in letters],
            [each.type for each in letters],
            [each.headers.origin or each.routing_key for each in letters],
            [each.headers.reason or "the broker gave it up" for each in letters],
            [each.headers.model_dump_json(exclude_defaults=True) for each in letters],
            [each.body for each in letters],
        )
