"""Deadlines: until when each pending command may be answered. All times are the database's."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.saga.attempt import Attempt
from counterstep.saga.registry import Registry

# The random tenth is jitter: instances that began together do not resend together.
_SET = """
INSERT INTO deadlines (saga_id, step, direction, attempt, due_at)
SELECT saga_id, step, direction, attempt, now() + within * (1 + random() / 10)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::interval[])
     AS row (saga_id, step, direction, attempt, within)
RETURNING 1
"""

# A deadline that comes due at this moment is locked and passed over. The transaction that has taken it will find
# that its attempt is no longer pending, so it does no harm.
_CLEAR = """
DELETE FROM deadlines WHERE (saga_id, step, direction, attempt) IN (
    SELECT saga_id, step, direction, attempt
    FROM deadlines JOIN unnest($1::uuid[], $2::text[], $3::text[], $4::int[])
         AS settled (saga_id, step, direction, attempt) USING (saga_id, step, direction, attempt)
    FOR UPDATE OF deadlines SKIP LOCKED
)
RETURNING 1
"""

_TAKE_DUE = """
DELETE FROM deadlines WHERE (saga_id, step, direction, attempt) IN (
    SELECT saga_id, step, direction, attempt FROM deadlines JOIN saga_runs USING (saga_id)
    WHERE due_at <= now() AND (saga, version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
    ORDER BY due_at LIMIT $1 FOR UPDATE OF deadlines SKIP LOCKED
)
RETURNING saga_id, step, direction, attempt
"""

_COUNT_SOON = """
SELECT count(*) FROM (SELECT FROM deadlines WHERE due_at < now() + $1::interval LIMIT $2) AS due_soon
"""

SOON: Final = timedelta(minutes=1)
"""A command that is due within this keeps its participant busy. A later deadline waits for a person or a fault."""


def setting(timeouts: Mapping[tuple[UUID, Attempt], timedelta]) -> Statement:
    """Set a deadline for each of these attempts: its timeout from now, and up to a tenth more as jitter."""
    return Statement(_SET, (*_columns(timeouts.keys()), list(timeouts.values())))


def clearing(settled: Collection[tuple[UUID, Attempt]]) -> Statement:
    """Delete the deadlines of attempts that are no longer pending."""
    return Statement(_CLEAR, _columns(settled))


async def take_due(sql: Sql, sagas: Registry, *, limit: int) -> list[tuple[UUID, Attempt]]:
    """Delete deadlines that have passed, and give their attempts.

    It skips those that another orchestrator is taking, and those of definitions that are not registered here.
    """
    names, versions = zip(*sagas.versions, strict=True)
    return [(row[0], Attempt(*row[1:])) for row in await sql(_TAKE_DUE, limit, names, versions)]


async def due_soon(sql: Sql, *, at_most: int) -> int:
    """How many commands have their deadline within `SOON`, counted up to this many."""
    count: int = (await sql(_COUNT_SOON, SOON, at_most))[0][0]
    return count


def _columns(attempts: Collection[tuple[UUID, Attempt]]) -> tuple[list[Any], ...]:
    return (
        [saga_id for saga_id, _ in attempts],
        [attempt.step for _, attempt in attempts],
        [attempt.direction for _, attempt in attempts],
        [attempt.number for _, attempt in attempts],
    )
