"""Every command that was answered, with its reply: its effect happens once, its reply is sent each time.

The primary key is the effect: saga, step and direction. Two replicas may answer the same command at once. The
second one to record its reply finds the key taken, rolls back, runs again and finds the reply of the first.

A command may also be accepted and completed later. Its reply is deferred: until then the row holds the headers of
the reply to come (in the column `owed_to`), also across restarts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.barrier import EffectKey
from counterstep.protocol.contracts import Contracts
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Reply
from counterstep.protocol.naming import type_name

_FIND = """
SELECT saga_id, step, direction, reply_type, reply
FROM inbox JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS wanted (saga_id, step, direction)
     USING (saga_id, step, direction)
"""

# An insert takes the key. On a conflict one change is allowed: a compensation abandons an action that was accepted
# and is not completed yet. Every other conflict is a reply that another transaction has recorded since this one
# read the inbox. The statement then returns too few rows, and all that was executed with it is rolled back.
_RECORD = """
INSERT INTO inbox (saga_id, step, direction, reply_type, reply)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[]) ORDER BY 1, 2, 3
ON CONFLICT (saga_id, step, direction) DO UPDATE SET reply_type = excluded.reply_type, reply = excluded.reply
WHERE inbox.reply_type = $6 AND excluded.reply_type = $7
RETURNING 1
"""

_DEFER = """
UPDATE inbox SET owed_to = deferred.headers::jsonb
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS deferred (saga_id, step, direction, headers)
WHERE (inbox.saga_id, inbox.step, inbox.direction) = (deferred.saga_id, deferred.step, deferred.direction)
      AND inbox.reply_type = $5
RETURNING 1
"""

_COMPLETE = """
UPDATE inbox SET reply_type = $4, reply = $5, answered_at = now()
WHERE saga_id = $1 AND step = $2 AND direction = $3 AND reply_type = $6
RETURNING owed_to::text
"""

# By `ctid`, the row's place on disk, because DELETE has no LIMIT: a batch is bounded, and so are its locks.
_PRUNE = """
DELETE FROM inbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM inbox WHERE answered_at < now() - make_interval(days => $1) AND reply_type <> $2 LIMIT $3
))
RETURNING 1
"""

_BROWSE = """
SELECT saga_id, step, direction, reply_type, reply, answered_at FROM inbox
WHERE ($1::uuid IS NULL OR saga_id = $1) AND ($2::uuid IS NULL OR (saga_id, step, direction) < ($2, $3, $4))
ORDER BY saga_id DESC, step DESC, direction DESC LIMIT $5
"""

RETENTION_DAYS: Final = 30
"""How long a reply is kept: longer than a command can come back by redelivery, retry or redrive."""


def key_of(envelope: Envelope) -> EffectKey:
    """The effect that a command asks for. Raises `UndecodableError` where its headers do not name a step."""
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise UndecodableError("a command must name its step, direction and attempt")
    return EffectKey(envelope.saga_id, headers.step, headers.direction)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """The reply to a command, and when it was given."""

    key: EffectKey
    reply_type: str
    reply: bytes
    answered_at: datetime


def finding(
    contracts: Contracts, keys: Iterable[EffectKey], found: Callable[[EffectKey, Reply], None]
) -> Statement:
    """Call `found` with the replies given so far: to these commands, and to the actions that they compensate."""

    def take(rows: Sequence[Any]) -> None:
        for saga_id, step, direction, type_, body in rows:
            found(EffectKey(saga_id, step, direction), cast(Reply, contracts.readers[type_](body)))

    return Statement(_FIND, _columns(sorted({each for key in keys for each in (key, key.action)})), take)


def recording(replies: Mapping[EffectKey, Reply]) -> Statement:
    """Record these replies. A concurrency conflict, where another transaction has recorded one of them first."""
    arguments = (
        *_columns(list(replies)),
        [type_name(type(reply)) for reply in replies.values()],
        [reply.model_dump_json().encode() for reply in replies.values()],
        *(type_name(Accepted), type_name(Abandoned)),  # only an accepted command can still be abandoned
    )
    return Statement(_RECORD, arguments, at_least=len(replies))


async def defer(sql: Sql, deferred: Mapping[EffectKey, Headers]) -> None:
    """Keep the headers of the replies to these accepted commands: those of the attempt that came last.

    Raises `ConcurrencyConflictError` where another transaction has completed one of them.
    """
    headers = [each.model_dump_json() for each in deferred.values()]
    if len(await sql(_DEFER, *_columns(list(deferred)), headers, type_name(Accepted))) < len(deferred):
        raise ConcurrencyConflictError("another transaction has completed an accepted command")


async def complete(sql: Sql, key: EffectKey, reply: Reply) -> Headers | None:
    """Record the reply to an accepted command and give its headers; `None` where none is deferred any more."""
    rows = await sql(
        _COMPLETE, *key, type_name(type(reply)), reply.model_dump_json().encode(), type_name(Accepted)
    )
    return Headers.model_validate_json(rows[0][0]) if rows else None


async def prune(sql: Sql, *, limit: int) -> int:
    """Delete replies that are older than `RETENTION_DAYS`, up to a limit; return how many were deleted."""
    return len(await sql(_PRUNE, RETENTION_DAYS, type_name(Accepted), limit))


async def browse(sql: Sql, saga_id: UUID | None, after: EffectKey | None, *, limit: int) -> list[StoredReply]:
    """Replies of one saga or of all, those of the newest sagas first, starting after this key."""
    rows = await sql(_BROWSE, saga_id, *(after or (None, None, None)), limit)
    return [StoredReply(EffectKey(*row[:3]), *row[3:]) for row in rows]


def _columns(keys: Sequence[EffectKey]) -> tuple[list[UUID], list[str], list[str]]:
    return [key.saga_id for key in keys], [key.step for key in keys], [key.direction for key in keys]
