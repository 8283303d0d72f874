"""Messages that are committed and not yet confirmed by the broker, written in the transaction of the change.

Each row is leased to one relay: until the lease runs out, no other relay publishes it. The lease is also a fencing
token: a relay deletes only rows that hold its own lease. So a relay that was slow, and is taken for dead, cannot
delete a row that another one has taken over and not yet published. All times are the database's, so the clocks of
the machines do not matter.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
)
RETURNING position, message_id, saga_id, type, exchange, routing_key, headers, body
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


async def claim(connection: asyncpg.Connection, lease: UUID, *, limit: int) -> list[Stored]:
    """Lease to this relay the oldest rows whose lease has run out; give them oldest first."""
    rows = await connection.fetch(_CLAIM, lease, limit, LEASE_SECONDS)
    return sorted((_stored(*row) for row in rows), key=lambda stored: stored.position)


async def delete(connection: asyncpg.Connection, positions: Sequence[int], lease: UUID) -> None:
    """Delete confirmed rows, except those that another relay has taken over."""
    await connection.execute(_DELETE, positions, lease)


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
