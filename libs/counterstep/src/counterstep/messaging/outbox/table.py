"""Messages that are committed and not yet confirmed by the broker, written in the transaction of the change.

Each row is leased to one relay: until the lease runs out, no other relay publishes it. The lease is also a fencing
token: a relay deletes only rows that hold its own lease. So a relay that was slow, and is taken for dead, cannot
delete a row that another one has taken over and not yet published. All times are the database's, so the clocks of
the machines do not matter.

A row that the broker refused holds back the later rows of its saga, so that none overtakes it. No sweep takes them
before the refused row is confirmed, or in quarantine.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import asyncpg

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.exchanges import exchange_now
from counterstep.protocol.headers import Headers

LEASE_SECONDS: Final = 5.0
"""After this time without a confirm another relay may publish the row.

It is shorter than the timeout of any step, so that a process that is killed while it publishes fails no step.
"""

FIRST_PAUSE_SECONDS: Final = 5.0
LONGEST_PAUSE_SECONDS: Final = 60.0
"""The pauses between two tries of a message that the broker returns, because there is no queue for it."""

# The positions must rise in the order of the messages, because a saga's messages are published by position.
_INSERT = """
INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
SELECT message_id, saga_id, type, exchange, routing_key, headers::jsonb, body,
       $8, now() + make_interval(secs => $9)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
     WITH ORDINALITY AS row (message_id, saga_id, type, exchange, routing_key, headers, body, nth)
ORDER BY nth
RETURNING position
"""

# SKIP LOCKED: the relays of several replicas sweep at once, and each takes other rows.
_CLAIM = """
UPDATE outbox SET lease = $1, leased_until = now() + make_interval(secs => $3)
WHERE position IN (
    SELECT position FROM outbox WHERE leased_until < now()
    AND NOT EXISTS (
        SELECT FROM outbox AS refused
        WHERE refused.refusals > 0 AND refused.saga_id = outbox.saga_id
          AND refused.position < outbox.position AND refused.leased_until >= now()
    )
    ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
)
RETURNING position, message_id, saga_id, type, exchange, routing_key, headers, body
"""

# The longer the broker has returned it, the longer the pause until the next try.
_POSTPONE = """
UPDATE outbox
SET refusals = refusals + 1, returned_since = coalesce(returned_since, now()),
    leased_until = now() + make_interval(secs => least($3::float * 2 ^ least(refusals, 10), $4))
WHERE position = ANY($1::bigint[]) AND lease = $2
RETURNING position, extract(epoch FROM now() - returned_since)::float
"""

# It is written once, not at each refusal: a full queue may refuse thousands of messages, again and again.
_HOLD = """
UPDATE outbox SET refusals = greatest(refusals, 1), returned_since = NULL
WHERE position = ANY($1::bigint[]) AND lease = $2 AND (refusals = 0 OR returned_since IS NOT NULL)
"""

_DELETE = "DELETE FROM outbox WHERE position = ANY($1::bigint[]) AND lease = $2"


_EXISTING = "SELECT position FROM outbox WHERE position = ANY($1::bigint[])"


_BACKLOG = "SELECT count(*), coalesce(extract(epoch FROM now() - min(written_at)), 0)::float FROM outbox"


_OLDEST = """
SELECT written_at, message_id, saga_id, type, exchange, routing_key, headers::text, body
FROM outbox ORDER BY position LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the broker has not confirmed yet."""

    waiting: int
    """How many messages."""
    oldest_seconds: float
    """The age of the oldest one; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An envelope, and the key of its row in the outbox."""

    position: int
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Waiting:
    """An envelope in the outbox, and when it was written."""

    envelope: Envelope
    written_at: datetime


def inserting(envelopes: Sequence[Envelope], lease: UUID, then: Callable[[Sequence[Stored]], None]) -> Statement:
    """Insert the envelopes in their order, leased to this relay. `then` is given them with their positions."""

    def number(rows: Sequence[Any]) -> None:
        positions = sorted(row[0] for row in rows)
        then([Stored(*pair) for pair in zip(positions, envelopes, strict=True)])

    arguments = (
        [envelope.message_id for envelope in envelopes],
        [envelope.saga_id for envelope in envelopes],
        [envelope.type for envelope in envelopes],
        [envelope.exchange for envelope in envelopes],
        [envelope.routing_key for envelope in envelopes],
        [envelope.headers.model_dump_json(exclude_defaults=True) for envelope in envelopes],
        [envelope.body for envelope in envelopes],
        lease,
        LEASE_SECONDS,
    )
    return Statement(_INSERT, arguments, number)


async def backlog(sql: Sql) -> Backlog:
    """How many messages are in the outbox, and for how long."""
    (row,) = await sql(_BACKLOG)
    return Backlog(*row)


async def oldest(sql: Sql, *, limit: int) -> list[Waiting]:
    """The messages that are in the outbox longest, oldest first."""
    return [_waiting(*row) for row in await sql(_OLDEST, limit)]


async def claim(connection: asyncpg.Connection, lease: UUID, *, limit: int) -> tuple[list[Stored], dict[int, str]]:
    """Lease to this relay the oldest rows whose lease has run out.

    Gives them oldest first. A row that cannot be read is given by its position, with the reason.
    """
    stored: list[Stored] = []
    unreadable: dict[int, str] = {}
    rows = await connection.fetch(_CLAIM, lease, limit, LEASE_SECONDS)
    for row in sorted(rows, key=itemgetter(0)):
        try:
            stored.append(_stored(*row))
        except Exception as error:  # noqa: BLE001 - whatever an earlier release wrote, the row alone is at fault
            unreadable[row[0]] = f"the row cannot be read: {error}"
    return stored, unreadable


async def delete(connection: asyncpg.Connection, positions: Sequence[int], lease: UUID) -> None:
    """Delete confirmed rows, except those that another relay has taken over."""
    await connection.execute(_DELETE, positions, lease)


async def hold(connection: asyncpg.Connection, positions: Collection[int], lease: UUID) -> None:
    """Let these rows hold back the later ones of their sagas, until they are confirmed."""
    await connection.execute(_HOLD, list(positions), lease)


async def postpone(connection: asyncpg.Connection, positions: Collection[int], lease: UUID) -> dict[int, float]:
    """Try these rows again after a pause, which grows. Gives for how many seconds each has been returned."""
    rows = await connection.fetch(_POSTPONE, list(positions), lease, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
    return dict(map(tuple, rows))


async def existing(connection: asyncpg.Connection, positions: Collection[int]) -> set[int]:
    """Which of these rows are still there."""
    return {row[0] for row in await connection.fetch(_EXISTING, list(positions))}


def _stored(position: int, *row: Any) -> Stored:
    return Stored(position, _envelope(*row))


def _waiting(written_at: datetime, *row: Any) -> Waiting:
    return Waiting(_envelope(*row), written_at)


def _envelope(*row: Any) -> Envelope:
    message_id, saga_id, type_, exchange, routing_key, headers, body = row
    return Envelope(
        message_id=message_id,
        saga_id=saga_id,
        type=type_,
        exchange=exchange_now(exchange, routing_key),
        routing_key=routing_key,
        headers=Headers.stored(headers),
        body=body,
    )
