"""Every command answered, by (saga, step, direction): the effect is done once, the answer is given each time.

The key is the effect, not the message: a command that is sent again under a new id is still the same command.
A compensation also occupies its action's place, so that an action which arrives after its own compensation finds
the place taken and is not done (after dtm's sub-transaction barrier). Two replicas that answer the same command
at once are told apart by the primary key: the second rolls back, runs again and finds the reply.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast
from uuid import UUID

from contracts.base import Reply
from contracts.naming import catalogue, type_name
from contracts.protocol import Abandoned, Direction

from messaging.envelope import Envelope
from messaging.errors import Unreadable
from messaging.sql import Sql

_FIND = """
SELECT saga_id, step, direction, reply_type, reply
FROM inbox JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS asked (saga_id, step, direction)
     USING (saga_id, step, direction)
"""

_RECORD = """
INSERT INTO inbox (saga_id, step, direction, message_id, reply_type, reply)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bytea[]) ORDER BY 1, 2, 3
"""


class Key(NamedTuple):
    """The effect that a command asks for."""

    saga_id: UUID
    step: str
    direction: Direction

    @property
    def action(self) -> "Key":
        """What this compensates, or itself."""
        return self._replace(direction="forward")


class Answer(NamedTuple):
    """The reply that an effect got, and the command that first asked for it."""

    message_id: UUID
    reply: Reply


def key_of(envelope: Envelope) -> Key:
    """Raises `Unreadable` where the envelope does not say which step of a saga it is about."""
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise Unreadable("a command must say its step, direction and attempt")
    return Key(envelope.saga_id, headers.step, headers.direction)


async def find(sql: Sql, keys: Iterable[Key]) -> dict[Key, Reply]:
    """The replies already given, for these commands and for the actions that they compensate."""
    wanted = sorted({place for key in keys for place in (key, key.action)})
    rows = await sql(_FIND, *_columns(wanted))
    return {Key(*row[:3]): _reply(row[3], row[4]) for row in rows}


async def record(sql: Sql, answers: Mapping[Key, Answer]) -> None:
    """Remember these answers for ever."""
    await sql(
        _RECORD,
        *_columns(list(answers)),
        [answer.message_id for answer in answers.values()],
        [type_name(type(answer.reply)) for answer in answers.values()],
        [answer.reply.model_dump_json().encode() for answer in answers.values()],
    )


def abandoned(message_id: UUID) -> Answer:
    """What occupies the place of an action whose compensation came first."""
    return Answer(message_id, Abandoned())


def _columns(keys: Sequence[Key]) -> tuple[list[UUID], list[str], list[str]]:
    return [key.saga_id for key in keys], [key.step for key in keys], [key.direction for key in keys]


def _reply(type_: str, body: bytes) -> Reply:
    return cast(Reply, catalogue()[type_].model_validate_json(body))
