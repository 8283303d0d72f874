"""The messages that the broker will never take: out of the way of the others, until an operator settles them.

A row moves from the outbox to here in one statement, and only by the relay that holds its lease. So it is in one
of the two tables, whatever is killed.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import asyncpg

from counterstep.messaging.database.sql import Sql
from counterstep.protocol.headers import shortened

_MOVE = """
WITH moved AS (
    DELETE FROM outbox USING unnest($1::bigint[], $2::text[]) AS fault (position, reason)
    WHERE outbox.position = fault.position AND outbox.lease = $3
    RETURNING outbox.*, fault.reason
), newest AS (
    SELECT DISTINCT ON (message_id) * FROM moved ORDER BY message_id, position DESC
), kept AS (
    INSERT INTO outbox_quarantine (message_id, saga_id, type, exchange, routing_key, headers, body, written_at,
                                   reason, tries, status, quarantined_at)
    SELECT message_id, saga_id, type, exchange, routing_key, headers, body, written_at,
           reason, 1, 'waiting', now()
    FROM newest
    ON CONFLICT (message_id) DO UPDATE
    SET exchange = excluded.exchange, routing_key = excluded.routing_key, headers = excluded.headers,
        body = excluded.body, reason = excluded.reason, tries = outbox_quarantine.tries + 1, status = 'waiting',
        quarantined_at = now(), settled_by = NULL, settled_because = NULL
)
SELECT position FROM moved
"""

# By `ctid`, the row's place on disk, because DELETE has no LIMIT: a batch is bounded, and so are its locks.
_PRUNE = """
DELETE FROM outbox_quarantine WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM outbox_quarantine
    WHERE status <> 'waiting' AND quarantined_at < now() - make_interval(days => $1)
    LIMIT $2
))
RETURNING 1
"""

RETENTION_DAYS: Final = 90
"""How long a settled row is kept, counted from when it came into quarantine."""

_WAITING = "SELECT count(*) FROM outbox_quarantine WHERE status = 'waiting'"


async def waiting(sql: Sql) -> int:
    """How many messages are in quarantine, and not settled."""
    ((count,),) = await sql(_WAITING)
    return int(count)


async def prune(sql: Sql, *, limit: int) -> int:
    """Delete settled rows that are older than `RETENTION_DAYS`, up to a limit; gives how many were deleted."""
    return len(await sql(_PRUNE, RETENTION_DAYS, limit))


async def move(connection: asyncpg.Connection, faults: Mapping[int, str], lease: UUID) -> set[int]:
    """Move these rows of the outbox into quarantine, each with its reason; give those that were still there."""
    reasons = [shortened(reason) for reason in faults.values()]
    return {row[0] for row in await connection.fetch(_MOVE, list(faults), reasons, lease)}
