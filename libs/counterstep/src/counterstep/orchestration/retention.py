"""Sagas that ended long ago are forgotten, where somebody says when: run and history, not what operators did."""

from datetime import timedelta
from functools import partial
from typing import Final

from counterstep.messaging.consumer.batches import Task
from counterstep.messaging.consumer.retention import keep_pruned
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.transaction import Transactions

SHORTEST_DAYS: Final = inbox.RETENTION_DAYS
"""As long as a message of the saga may come back: a start event would begin it once more."""

# Ids are uuid7, so those that began before a moment are below the id of that moment (RFC 9562, section 5.7).
_FORGET = """
WITH old AS (
    SELECT saga_id FROM saga_runs
    WHERE ended_at < now() - $1::interval
          AND saga_id < (lpad(to_hex((1000 * extract(epoch FROM now() - $1::interval))::bigint), 12, '0')
                         || repeat('0', 20))::uuid
    ORDER BY saga_id LIMIT $2 FOR UPDATE SKIP LOCKED
), told AS (
    DELETE FROM saga_history USING old WHERE saga_history.saga_id = old.saga_id
)
DELETE FROM saga_runs USING old WHERE saga_runs.saga_id = old.saga_id
RETURNING 1
"""


async def forget(sql: Sql, age: timedelta, *, limit: int) -> int:
    """Forget runs that ended longer ago than this, those that began first; gives how many."""
    return len(await sql(_FORGET, age, limit))


def forgetting(days: int) -> Task:
    """The task that forgets what ended more than so many days ago."""

    async def forget_runs(transactions: Transactions) -> None:
        await keep_pruned(partial(forget, age=timedelta(days=days)), transactions)

    return forget_runs
