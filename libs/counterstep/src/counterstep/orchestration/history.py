"""The history of saga instances in the database: appended with each change of an instance, never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.saga.attempt import Attempt
from counterstep.saga.transition import HistoryEntry, HistoryEvent

_APPEND: Final = """
INSERT INTO saga_history (saga_id, at, step, direction, attempt, event, message_id, detail, code)
SELECT saga_id, clock_timestamp(), step, direction, attempt, event, message_id, detail, code
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::uuid[], $7::text[], $8::text[])
     WITH ORDINALITY AS row (saga_id, step, direction, attempt, event, message_id, detail, code, nth)
ORDER BY nth
RETURNING 1
"""

_READ: Final = """
SELECT saga_id, at, step, direction, attempt, event, message_id, detail, code
FROM saga_history WHERE saga_id = ANY($1::uuid[]) ORDER BY position
"""

BEGINNING: Final = 0
"""A position before every entry."""

_PAGE: Final = """
SELECT saga_id, at, step, direction, attempt, event, message_id, detail, code, position
FROM saga_history WHERE saga_id = $1 AND position > $2 ORDER BY position LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A history entry of one instance, before the database gives it its time."""

    saga_id: UUID
    entry: HistoryEntry
    message_id: UUID | None
    """The command that was sent, or the message that led to the entry; `None` for a timeout."""


@dataclass(frozen=True, slots=True)
class RecordedEntry(NewEntry):
    """A history entry as it is stored."""

    at: datetime


def appending(entries: Sequence[NewEntry]) -> Statement:
    """Append entries to the history, in this order."""
    arguments = (
        [new.saga_id for new in entries],
        [new.entry.attempt.step for new in entries],
        [new.entry.attempt.direction for new in entries],
        [new.entry.attempt.number for new in entries],
        [new.entry.event.value for new in entries],
        [new.message_id for new in entries],
        [new.entry.detail for new in entries],
        [new.entry.code for new in entries],
    )
    return Statement(_APPEND, arguments)


async def read(sql: Sql, saga_ids: Collection[UUID]) -> dict[UUID, list[RecordedEntry]]:
    """The whole history of each of these instances, oldest entry first."""
    histories: dict[UUID, list[RecordedEntry]] = {saga_id: [] for saga_id in saga_ids}
    for row in await sql(_READ, list(saga_ids)):
        recorded = _recorded(row)
        histories[recorded.saga_id].append(recorded)
    return histories


async def page(
    sql: Sql, saga_id: UUID, *, after: int = BEGINNING, limit: int
) -> tuple[list[RecordedEntry], int | None]:
    """At most `limit` entries of one instance after this position, oldest first, and where the next page starts.

    That is after a position, or `None` where nothing follows.
    """
    rows = await sql(_PAGE, saga_id, after, limit + 1)
    last = rows[limit - 1][-1] if len(rows) > limit else None
    return [_recorded(row[:-1]) for row in rows[:limit]], last


def _recorded(row: Sequence[Any]) -> RecordedEntry:
    saga_id, at, step, direction, number, event, message_id, detail, code = row
    entry = HistoryEntry(HistoryEvent(event), Attempt(step, direction, number), detail, code)
    return RecordedEntry(saga_id, entry, message_id, at)
