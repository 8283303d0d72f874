"""The table of retries: messages that could not be handled, until they are handled again.

Each row has a time before which nobody takes it. A process that takes it leases it: it moves that time ahead, and
writes its own id in the row. The lease is also a fencing token. The transaction that handles the message deletes
the row only with its own lease, so of two processes that took the same row one rolls back. All times are the
database's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.wire.envelope import Envelope

ORPHANED_SECONDS: Final = 300
"""A message that nobody has taken for this long after it was due is of a queue that nobody consumes."""

LEASE_SECONDS: Final = 5.0
"""How long after its last renewal a lease holds: a process that was killed delays a retry by no more than this."""

# On a conflict the same message waits already. Only the process that leases its row changes it: that process has
# tried again, and failed again. Every other is a second copy, which the broker delivered because its first
# acknowledgement was lost.
_POSTPONE = """
INSERT INTO retries AS waiting (fingerprint, queue, message_id, saga_id, type, exchange, routing_key,
                                headers, body, failures, reason, not_before)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(secs => $12))
ON CONFLICT (fingerprint) DO UPDATE
SET failures = excluded.failures, reason = excluded.reason, not_before = excluded.not_before, lease = NULL
WHERE waiting.lease = $13
RETURNING 1
"""

# SKIP LOCKED: several processes take rows at once, and each takes others.
_TAKE = """
WITH due AS (
    SELECT fingerprint, lease IS NOT NULL AND lease <> $3 AS is_repeated FROM retries
    WHERE queue = $1 AND not_before <= now() ORDER BY not_before LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE retries SET lease = $3, not_before = now() + make_interval(secs => $4)
FROM due WHERE retries.fingerprint = due.fingerprint
RETURNING due.is_repeated, failures, due.fingerprint, message_id, saga_id, type, exchange, routing_key,
          headers, body
"""

_RENEW = """
UPDATE retries SET not_before = now() + make_interval(secs => $3)
WHERE fingerprint = ANY($1::uuid[]) AND lease = $2
RETURNING fingerprint
"""

_RELEASE = """
UPDATE retries SET lease = NULL, not_before = now() WHERE fingerprint = ANY($1::uuid[]) AND lease = $2 RETURNING 1
"""

_DELETE = "DELETE FROM retries WHERE fingerprint = ANY($1::uuid[]) AND lease = $2 RETURNING 1"

# Rows of queues that the service does not have: of another release, or of one that took the queue from a header.
# A release that has the queue may still be running, so it is given time.
_ADOPT = """
UPDATE retries SET queue = $1
WHERE queue <> ALL($2::text[]) AND not_before < now() - make_interval(secs => $3) RETURNING 1
"""

_COUNT = "SELECT queue, count(*) FROM retries GROUP BY queue"

_NEXT = """
SELECT queue, message_id, saga_id, type, failures, reason, not_before FROM retries
ORDER BY not_before LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits for its next try: where it was consumed, how often it failed, why, and until when."""

    queue: str
    message_id: UUID
    saga_id: UUID
    type: str
    failures: int
    reason: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that this process has leased. `headers` are JSON; `is_repeated`: another process had leased it."""

    is_repeated: bool
    failures: int
    fingerprint: UUID
    message_id: UUID
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    headers: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A message that could not be handled: in which queue, how often, and why the last time.

    `lease` is that of its row, where it has failed before.
    """

    queue: str
    envelope: Envelope
    fingerprint: UUID
    failures: int
    reason: str
    lease: UUID | None = None


def postponing(failed: Failed, *, seconds: float) -> Statement:
    """Keep the message for another try in that many seconds."""
    envelope = failed.envelope
    arguments = (
        failed.fingerprint,
        failed.queue,
        envelope.message_id,
        envelope.saga_id,
        envelope.type,
        envelope.exchange,
        envelope.routing_key,
        envelope.headers.model_dump_json(exclude_defaults=True),
        envelope.body,
        failed.failures,
        failed.reason,
        seconds,
        failed.lease,
    )
    return Statement(_POSTPONE, arguments)


def taking(queue: str, lease: UUID, *, limit: int, then: Callable[[Sequence[Taken]], None]) -> Statement:
    """Lease the messages of this queue that are due, those that are due longest first."""
    arguments = (queue, limit, lease, LEASE_SECONDS)
    return Statement(_TAKE, arguments, lambda rows: then([Taken(*row) for row in rows]))


def renewing(fingerprints: Sequence[UUID], lease: UUID, then: Callable[[set[UUID]], None]) -> Statement:
    """Renew the lease of these; `then` is given those that are still leased by it."""
    arguments = (fingerprints, lease, LEASE_SECONDS)
    return Statement(_RENEW, arguments, lambda rows: then({row[0] for row in rows}))


def releasing(fingerprints: Sequence[UUID], lease: UUID) -> Statement:
    """Let other processes take these at once."""
    return Statement(_RELEASE, (fingerprints, lease))


def deleting(fingerprints: Sequence[UUID], lease: UUID) -> Statement:
    """Delete these. A concurrency conflict, where another process has taken one of them."""
    return Statement(_DELETE, (fingerprints, lease), at_least=len(fingerprints))


async def adopt(sql: Sql, queues: Sequence[str]) -> None:
    """Let the first of these queues have the messages of queues that the service does not have."""
    await sql(_ADOPT, queues[0], queues, ORPHANED_SECONDS)


async def waiting(sql: Sql) -> dict[str, int]:
    """How many messages of each queue wait for another try."""
    return dict(await sql(_COUNT))


async def soonest(sql: Sql, *, limit: int) -> list[Waiting]:
    """The messages that are tried again soonest."""
    return [Waiting(*row) for row in await sql(_NEXT, limit)]
