"""The table of retries: messages that could not be handled, until they are handled again.

Each row has a time before which nobody takes it. A process that takes it leases it: it moves that time ahead, and
writes its own id in the row. The lease is also a fencing token. The transaction that handles the message deletes
the row only with its own lease, so of two processes that took the same row one rolls back. All times are the
database's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.database.sql import Sql, Statement

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
SELECT fingerprint, queue, message_id, saga_id, type, exchange, routing_key, headers, body, failures, reason,
       now() + make_interval(secs => seconds)
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::bytea[], $10::int[], $11::text[], $12::float[])
     AS failed (fingerprint, queue, message_id, saga_id, type, exchange, routing_key, headers, body, failures,
                reason, seconds)
ORDER BY fingerprint
ON CONFLICT (fingerprint) DO UPDATE
SET failures = excluded.failures, reason = excluded.reason, not_before = excluded.not_before, lease = NULL
WHERE waiting.lease = $13 AND waiting.fingerprint = ANY($14::uuid[])
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


def postponing(failed: Iterable[Failed]) -> Statement:
    """Keep these messages for another try, each after its own delay.

    Two of one fingerprint are one message that came twice. The one that has a row already is kept.
    """
    by_fingerprint = {each.fingerprint: each for each in sorted(failed, key=lambda each: each.lease is not None)}
    kept = list(by_fingerprint.values())
    leased = {each.fingerprint: each.lease for each in kept if each.lease}
    arguments = (
        [each.fingerprint for each in kept],
        [each.queue for each in kept],
        [each.envelope.message_id for each in kept],
        [each.envelope.saga_id for each in kept],
        [each.envelope.type for each in kept],
        [each.envelope.exchange for each in kept],
        [each.envelope.routing_key for each in kept],
        [each.envelope.headers.model_dump_json(exclude_defaults=True) for each in kept],
        [each.envelope.body for each in kept],
        [each.failures for each in kept],
        [each.reason for each in kept],
        [each.retry_in or 0.0 for each in kept],
        next(iter(leased.values()), None),  # a process has one lease for all of its rows
        list(leased),
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
