"""Deadlines: how long silence may last for each ask that is awaited. Times are the database's."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.saga.attempt import Attempt
from counterstep.saga.registry import Registry

_SET = """
INSERT INTO deadlines (saga_id, step, direction, attempt, due_at)
SELECT saga_id, step, direction, attempt, now() + within * (1 + random() / 10)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::interval[])
     AS row (saga_id, step, direction, attempt, within)
RETURNING 1
"""

# One that comes due at this moment is passed over: who has taken it will find that it is not awaited.
_TAKE_BACK = """
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

_COUNT = """
SELECT count(*) FROM (SELECT FROM deadlines WHERE due_at < now() + $1::interval LIMIT $2) AS under_way
"""

SOON: Final = timedelta(minutes=1)
"""An answer expected within this keeps its participant busy; a later one waits for a person or a fault."""


def setting(deadlines: Mapping[tuple[UUID, Attempt], timedelta]) -> Statement:
    """From now on, silence longer than this (and up to a tenth more, as jitter) is an answer."""
    return Statement(_SET, (*_columns(deadlines.keys()), list(deadlines.values())))


def taking_back(settled: Collection[tuple[UUID, Attempt]]) -> Statement:
    """Nothing is expected of these asks any more."""
    return Statement(_TAKE_BACK, _columns(settled))


async def take_due(sql: Sql, sagas: Registry, *, limit: int) -> list[tuple[UUID, Attempt]]:
    """Take deadlines that are due and that no other orchestrator is taking, of runs that can be driven here."""
    names, versions = zip(*sagas.versions, strict=True)
    return [(row[0], Attempt(*row[1:])) for row in await sql(_TAKE_DUE, limit, names, versions)]


async def under_way(sql: Sql, *, at_most: int) -> int:
    """How many answers are expected soon, counted up to this many."""
    count: int = (await sql(_COUNT, SOON, at_most))[0][0]
    return count


def _columns(asks: Collection[tuple[UUID, Attempt]]) -> tuple[list[Any], ...]:
    return (
        [saga_id for saga_id, _ in asks],
        [ask.step for _, ask in asks],
        [ask.direction for _, ask in asks],
        [ask.attempt for _, ask in asks],
    )
