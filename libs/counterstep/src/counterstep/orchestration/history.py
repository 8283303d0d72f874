"""A run's history: what it heard and asked, row by row; written down with each change, and never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.protocol.answers import Direction
from counterstep.saga.transition import HistoryEntry, HistoryEvent

_WRITE: Final = """
INSERT INTO saga_history (saga_id, at, step, direction, attempt, event, message_id, detail, code)
SELECT saga_id, clock_timestamp(), step, direction, attempt, event, message_id, detail, code
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::uuid[], $7::text[], $8::text[])
     WITH ORDINALITY AS row (saga_id, step, direction, attempt, event, message_id, detail, code, nth)
ORDER BY nth
RETURNING 1
"""

_READ: Final = """
SELECT saga_id, at, step, direction, attempt, event, detail, code
FROM saga_history WHERE saga_id = ANY($1::uuid[]) ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class UnsavedEntry:
    """What is written down of one thing heard or asked."""

    saga_id: UUID
    note: HistoryEntry
    message_id: UUID | None


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """One row of a run's history, as it was written down."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: HistoryEvent
    detail: str | None
    code: str | None


def writing(rows: Sequence[UnsavedEntry]) -> Statement:
    """Append rows to the history, in this order."""
    arguments = (
        [row.saga_id for row in rows],
        [row.note.ask.step for row in rows],
        [row.note.ask.direction for row in rows],
        [row.note.ask.attempt for row in rows],
        [row.note.event.value for row in rows],
        [row.message_id for row in rows],
        [row.note.detail for row in rows],
        [row.note.code for row in rows],
    )
    return Statement(_WRITE, arguments)


async def read(sql: Sql, saga_ids: Collection[UUID]) -> dict[UUID, list[SavedEntry]]:
    """The whole history of each of these runs, in order."""
    histories: dict[UUID, list[SavedEntry]] = {saga_id: [] for saga_id in saga_ids}
    for saga_id, at, step, direction, attempt, event, detail, code in await sql(_READ, list(saga_ids)):
        entry = SavedEntry(at, step, direction, attempt, HistoryEvent(event), detail, code)
        histories[saga_id].append(entry)
    return histories
