"""Dead letters: messages that could not be handled, in the service's database, where a person can look at them.

A dead letter waits until an operator redrives it or discards it. A redriven message keeps its id and goes to the
table of retries, due at once; what was done before it died is answered from the inbox. If it dies again, it waits
again. A letter that was discarded stays discarded when its message comes again, and counts one death more.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.consumer.letter_ids import claimable, letter_ids
from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.database.sql import Statement
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.headers import Headers

REPLAY_WITHIN: Final = timedelta(days=inbox.RETENTION_DAYS) / 2
"""The inbox must still hold the answer to a message that is redriven, so that nothing is done twice."""

UNKNOWN: Final = UUID(int=0)
"""Stands for the fingerprint of a letter that is not known."""

# A letter of a release before has no fingerprint. It is of the same message where type and body are the same.
_TAKEN = """
SELECT message_id, fingerprint, type, CASE WHEN fingerprint IS NULL THEN body END
FROM dead_letters WHERE message_id = ANY($1::uuid[])
"""

# A letter of another message that has taken the id since it was read is left as it is, and too few rows come back.
_BURY = """
INSERT INTO dead_letters AS letter (message_id, claimed_id, fingerprint, saga_id, sender, type, origin, reason,
                                    exchange, routing_key, headers, body, failures, deaths, status, died_at)
SELECT *, 'waiting', now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::bytea[], $13::int[], $14::int[])
ORDER BY 1
ON CONFLICT (message_id) DO UPDATE
SET fingerprint = excluded.fingerprint, sender = excluded.sender, origin = excluded.origin,
    reason = excluded.reason, exchange = excluded.exchange, routing_key = excluded.routing_key,
    headers = excluded.headers, failures = excluded.failures, deaths = letter.deaths + excluded.deaths,
    died_at = now(),
    status = CASE letter.status WHEN 'discarded' THEN letter.status ELSE 'waiting' END,
    settled_by = CASE letter.status WHEN 'discarded' THEN letter.settled_by END,
    settled_because = CASE letter.status WHEN 'discarded' THEN letter.settled_because END
WHERE letter.fingerprint = excluded.fingerprint
   OR (letter.fingerprint IS NULL AND letter.type = excluded.type AND letter.body = excluded.body)
RETURNING 1
"""


async def bury(transaction: PlatformTransaction, failed: Sequence[Failed]) -> None:
    """Make dead letters of these messages, however many, at the end of the transaction.

    It is a concurrency conflict where another transaction has taken the id of one of the letters.
    """
    deaths = Counter(each.fingerprint for each in failed)
    dead = list({each.fingerprint: each for each in failed}.values())
    wanted = {id_ for each in dead for id_ in claimable(each)}
    envelopes = [each.envelope for each in dead]
    same = {(each.envelope.message_id, each.envelope.type, each.envelope.body): each.fingerprint for each in dead}
    taken = {
        id_: known or same.get((id_, type_, body), UNKNOWN)
        for id_, known, type_, body in await transaction.query(_TAKEN, list(wanted))
    }
    arguments = (
        list(letter_ids(dead, taken)),
        [each.message_id for each in envelopes],
        [each.fingerprint for each in dead],
        [each.saga_id for each in envelopes],
        [each.sender for each in envelopes],
        [each.type for each in envelopes],
        [each.queue for each in dead],
        [each.reason for each in dead],
        [each.exchange for each in envelopes],
        [each.routing_key for each in envelopes],
        [each.headers.model_dump_json(exclude_defaults=True) for each in envelopes],
        [each.body for each in envelopes],
        [each.failures for each in dead],
        [deaths[each.fingerprint] for each in dead],
    )
    transaction.write(Statement(_BURY, arguments, at_least=len(dead)))


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
        return Failed(
            queue=queue,
            envelope=envelope,
            fingerprint=self.fingerprint,
            failures=0,
            reason=self.reason,
            retry_in=0,
        )
