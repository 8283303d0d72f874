"""Deletes instances that ended long ago, with their history. The actions of operators are kept."""

from datetime import timedelta
from functools import partial
from typing import Final

from counterstep.messaging.consumer.retention import keep_pruned
from counterstep.messaging.consumer.task import Task, TaskContext
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.inbox import table as inbox

SHORTEST_DAYS: Final = inbox.RETENTION_DAYS
"""The shortest retention. A start event that comes back from a dead letter later would begin its saga again."""

# Ids are uuid7, so an instance that began before a moment has a lower id than that moment (RFC 9562, 5.7).
_DELETE = """
WITH old AS (
    SELECT saga_id FROM saga_runs
    WHERE ended_at < now() - $1::interval
          AND saga_id < (lpad(to_hex((1000 * extract(epoch FROM now() - $1::interval))::bigint), 12, '0')
                         || repeat('0', 20))::uuid
    ORDER BY saga_id LIMIT $2 FOR UPDATE SKIP LOCKED
), entries AS (
    DELETE FROM saga_history USING old WHERE saga_history.saga_id = old.saga_id
)
DELETE FROM saga_runs USING old WHERE saga_runs.saga_id = old.saga_id
RETURNING 1
"""


async def delete_ended(sql: Sql, age: timedelta, *, limit: int) -> int:
    """Delete instances that ended longer ago than this, oldest first, at most `limit`; gives how many."""
    return len(await sql(_DELETE, age, limit))


def deleting_ended(days: int) -> Task:
    """The background task that deletes instances which ended more than this many days ago."""

    async def delete_old_instances(context: TaskContext) -> None:
        await keep_pruned(partial(delete_ended, age=timedelta(days=days)), context.transactions)

    return delete_old_instances
