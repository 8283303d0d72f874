"""Every command answered, with its reply: the effect is done once, the answer is given each time.

Two replicas that answer the same command at once are told apart by the primary key: the second finds the place
taken, rolls back, runs again and finds the reply of the first. A command that was only accepted is answered later;
until then the inbox knows to whom the answer is owed, also across restarts.
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
FROM inbox JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS asked (saga_id, step, direction)
     USING (saga_id, step, direction)
"""

_RECORD = """
INSERT INTO inbox (saga_id, step, direction, reply_type, reply)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[]) ORDER BY 1, 2, 3
ON CONFLICT (saga_id, step, direction) DO UPDATE SET reply_type = excluded.reply_type, reply = excluded.reply
WHERE inbox.reply_type = $6 AND excluded.reply_type = $7
RETURNING 1
"""

_OWE = """
UPDATE inbox SET owed_to = owing.owed_to::jsonb
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS owing (saga_id, step, direction, owed_to)
WHERE (inbox.saga_id, inbox.step, inbox.direction) = (owing.saga_id, owing.step, owing.direction)
      AND inbox.reply_type = $5
RETURNING 1
"""

_PAY = """
UPDATE inbox SET reply_type = $4, reply = $5, answered_at = now()
WHERE saga_id = $1 AND step = $2 AND direction = $3 AND reply_type = $6
RETURNING owed_to::text
"""


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
"""How long an answer is remembered: longer than any message can come back, by redelivery, retry or replay."""


def key_of(envelope: Envelope) -> EffectKey:
    """Raises `Unreadable` where the envelope does not say which step of a saga it is about."""
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise UndecodableError("a command must say its step, direction and attempt")
    return EffectKey(envelope.saga_id, headers.step, headers.direction)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A command answered: which, by what, and when last."""

    key: EffectKey
    reply_type: str
    reply: bytes
    answered_at: datetime


def finding(
    contracts: Contracts, keys: Iterable[EffectKey], found: Callable[[EffectKey, Reply], None]
) -> Statement:
    """Tell of the replies already given, to these commands and to the actions that they compensate."""

    def take(rows: Sequence[Any]) -> None:
        for saga_id, step, direction, type_, body in rows:
            found(EffectKey(saga_id, step, direction), cast(Reply, contracts.readers[type_](body)))

    return Statement(_FIND, _columns(sorted({place for key in keys for place in (key, key.action)})), take)


def recording(replies: Mapping[EffectKey, Reply]) -> Statement:
    """Remember these replies; a clash where another transaction has answered one of them meanwhile."""
    arguments = (
        *_columns(list(replies)),
        [type_name(type(reply)) for reply in replies.values()],
        [reply.model_dump_json().encode() for reply in replies.values()],
        *(type_name(Accepted), type_name(Abandoned)),  # only what was taken on may still be abandoned
    )
    return Statement(_RECORD, arguments, at_least=len(replies))


async def defer(sql: Sql, owed: Mapping[EffectKey, Headers]) -> None:
    """Remember whom these accepted commands are to be answered to: the attempt that was heard last.

    Raises `Clash` where one of them was answered meanwhile.
    """
    letters = [headers.model_dump_json() for headers in owed.values()]
    if len(await sql(_OWE, *_columns(list(owed)), letters, type_name(Accepted))) < len(owed):
        raise ConcurrencyConflictError("another transaction has answered what was owed")


async def complete(sql: Sql, key: EffectKey, reply: Reply) -> Headers | None:
    """Answer an accepted command at last, and give whom to tell; `None` where no answer is owed any more."""
    rows = await sql(_PAY, *key, type_name(type(reply)), reply.model_dump_json().encode(), type_name(Accepted))
    return Headers.model_validate_json(rows[0][0]) if rows else None


async def prune(sql: Sql, *, limit: int) -> int:
    """Forget answers that nobody can ask for again; gives how many."""
    return len(await sql(_PRUNE, RETENTION_DAYS, type_name(Accepted), limit))


async def browse(sql: Sql, saga_id: UUID | None, after: EffectKey | None, *, limit: int) -> list[StoredReply]:
    """The answers given, of one saga or of all: the sagas that began last first, from after this place on."""
    rows = await sql(_BROWSE, saga_id, *(after or (None, None, None)), limit)
    return [StoredReply(EffectKey(*row[:3]), *row[3:]) for row in rows]


def _columns(keys: Sequence[EffectKey]) -> tuple[list[UUID], list[str], list[str]]:
    return [key.saga_id for key in keys], [key.step for key in keys], [key.direction for key in keys]
