"""Dead letters: messages that could not be handled, in the service's database, where a person can look at them.

A dead letter waits until an operator redrives it or discards it. A redriven message keeps its id and goes to the
table of retries, due at once; what was done before it died is answered from the inbox. If it dies again, it waits
again. A letter that was discarded stays discarded when its message comes again, and counts one death more.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import DateTime, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.consumer.retries import Failed
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.headers import Headers

REPLAY_WITHIN: Final = timedelta(days=inbox.RETENTION_DAYS) / 2
"""The inbox must still hold the answer to a message that is redriven, so that nothing is done twice."""

# A letter of another message that claims the same id is left as it is, and the statement gives no row. A letter of
# a release before has no fingerprint; it is of the same message where their bodies are the same.
_BURY = """
INSERT INTO dead_letters AS letter (message_id, claimed_id, fingerprint, saga_id, sender, type, origin, reason,
                                    exchange, routing_key, headers, body, failures, deaths, status, died_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, 'waiting', now())
ON CONFLICT (message_id) DO UPDATE
SET fingerprint = excluded.fingerprint, sender = excluded.sender, origin = excluded.origin,
    reason = excluded.reason, exchange = excluded.exchange, routing_key = excluded.routing_key,
    headers = excluded.headers, failures = excluded.failures, deaths = letter.deaths + 1, died_at = now(),
    status = CASE letter.status WHEN 'discarded' THEN letter.status ELSE 'waiting' END,
    settled_by = CASE letter.status WHEN 'discarded' THEN letter.settled_by END,
    settled_because = CASE letter.status WHEN 'discarded' THEN letter.settled_because END
WHERE letter.fingerprint = excluded.fingerprint
   OR (letter.fingerprint IS NULL AND letter.type = excluded.type AND letter.body = excluded.body)
RETURNING 1
"""


async def bury(transaction: PlatformTransaction, failed: Failed) -> None:
    """Make a dead letter of the message.

    Two different messages may claim one id, as their senders choose it. The letter of the second is kept under an
    id that is made from both, so that it neither replaces the first nor is lost.
    """
    envelope = failed.envelope
    row = (
        envelope.message_id,
        failed.fingerprint,
        envelope.saga_id,
        envelope.sender,
        envelope.type,
        failed.queue,
        failed.reason,
        envelope.exchange,
        envelope.routing_key,
        envelope.headers.model_dump_json(exclude_defaults=True),
        envelope.body,
        failed.failures,
    )
    if not await transaction.sql(_BURY, envelope.message_id, *row):
        await transaction.sql(_BURY, uuid5(envelope.message_id, failed.fingerprint.hex), *row)


class DeadLetter(SQLModel, table=True):
    """One dead letter: the message, where, why and how often it died, and what became of it.

    `origin` is the queue where it was consumed, `sender` its user at the broker, and `failures` how often it could
    not be handled before it died the last time. `claimed_id` is the id of the message, where another letter has
    that id already. Letters of releases that retried by the broker lack all but `origin`.
    """

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
    claimed_id: UUID | None = None
    fingerprint: UUID | None = None
    sender: str | None = None
    failures: int | None = None
    exchange: str | None = None
    routing_key: str | None = None

    def settle(self, status: LetterStatus, *, by: str, because: str) -> None:
        """Redrive or discard it. Raises `ValueError` if that was done already, or if it is too old to redrive."""
        if self.status != "waiting":
            raise ValueError(f"dead letter {self.message_id} is {self.status} already")
        if status == "replayed" and datetime.now(UTC) - self.died_at > REPLAY_WITHIN:
            raise ValueError(f"dead letter {self.message_id} is too old: whether it was done is no longer known")
        self.status, self.settled_by, self.settled_because = status, by, because

    def redriven(self, queues: tuple[str, ...]) -> Failed:
        """The same message, as it is tried again in the queue where it died, with no failures counted.

        `queues` are those of the service. An `origin` that is none of them goes to the first: it is of another
        release, or was read from a header, and anybody can write a header.
        """
        queue = self.origin if self.origin in queues else queues[0]
        envelope = Envelope(
            message_id=self.claimed_id or self.message_id,
            saga_id=self.saga_id,
            type=self.type,
            exchange=self.exchange or "",
            routing_key=self.routing_key or queue,
            body=self.body,
            headers=Headers.stored(self.headers),
        )
        self.fingerprint = self.fingerprint or fingerprint(queue, envelope)
        return Failed(queue=queue, envelope=envelope, fingerprint=self.fingerprint, failures=0, reason=self.reason)
