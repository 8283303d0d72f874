"""The orchestrator's statements: few, fixed, one for a whole batch each. Times are the database's."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.protocol.contracts import Contracts
from counterstep.protocol.messages import Event, Reply
from counterstep.protocol.naming import type_name
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Instance, Phase, Status, StepState
from counterstep.saga.registry import Registry

_READ = """
SELECT saga_id, saga, version, start_type, start, steps::text AS steps, replies::text AS replies, cause, reason,
       code, traceparent, revision
FROM saga_runs WHERE saga_id = ANY($1::uuid[]) ORDER BY saga_id
"""
_LOCK = f"{_READ} FOR UPDATE"

_SAVE = """
INSERT INTO saga_runs AS run
    (saga_id, saga, version, key, start_type, start, traceparent, steps, replies, cause, reason, code, status,
     revision, started_at, ended_at)
SELECT saga_id, saga, version, key, start_type, start, traceparent, steps::jsonb, replies::jsonb, cause, reason,
       code, status, revision + 1, now(), CASE WHEN ended THEN now() END
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bool[], $15::int[])
     AS now_is (saga_id, saga, version, key, start_type, start, traceparent, steps, replies, cause, reason, code,
                status, ended, revision)
ORDER BY saga_id
ON CONFLICT (saga_id) DO UPDATE
SET steps = excluded.steps, replies = excluded.replies, cause = excluded.cause, reason = excluded.reason,
    code = excluded.code, status = excluded.status, revision = excluded.revision,
    ended_at = coalesce(run.ended_at, excluded.ended_at)
WHERE run.revision = excluded.revision - 1
RETURNING run.saga_id, extract(epoch FROM run.ended_at - run.started_at)::float AS seconds
"""


class Definitions(NamedTuple):
    """What stored instances are read with: the definitions that they are pinned to, and the messages they hold."""

    sagas: Registry
    contracts: Contracts
    reply_address: str = "orchestrator"
    """Where participants send their replies."""


class RawMessage(NamedTuple):
    """A message as it came: its type name, and its body."""

    type: str
    body: bytes


@dataclass(slots=True)
class LoadedInstance:
    """A run as this transaction has found or begun it; `revision` is 0 for one that has no row yet.

    `told` is its beginning as it was told, in the version of then: an orchestrator of that time can still read it.
    `start` is what that means today.
    """

    saga_id: UUID
    saga: Saga[Any]
    told: RawMessage
    start: Event
    traceparent: str | None
    run: Instance
    replies: dict[str, Reply] = field(default_factory=dict)
    revision: int = 0

    @property
    def status(self) -> Status:
        """Where the saga stands as a whole."""
        return self.run.status(self.saga)


async def read(sql: Sql, sagas: Definitions, saga_ids: Collection[UUID]) -> dict[UUID, LoadedInstance]:
    """The runs that exist among these, as they stand. Raises `LookupError` for one of an unregistered version."""
    return _all_opened(sagas, await sql(_READ, sorted(saga_ids)))


async def lock(sql: Sql, sagas: Definitions, saga_ids: Collection[UUID]) -> dict[UUID, LoadedInstance]:
    """The same, and nobody else advances them until the transaction ends."""
    return _all_opened(sagas, await sql(_LOCK, sorted(saga_ids)))


def saving(runs: Sequence[LoadedInstance], took: Callable[[UUID, float], None]) -> Statement:
    """Store where runs stand now; `took` is told how many seconds each that has ended took.

    It is a clash where another transaction has begun or advanced one meanwhile.
    """

    def tell(saved: Sequence[Any]) -> None:
        for saga_id, seconds in saved:
            if seconds is not None:
                took(saga_id, seconds)

    turns = [each.run.turn for each in runs]
    arguments = (
        [each.saga_id for each in runs],
        [each.saga.name for each in runs],
        [each.saga.version for each in runs],
        [str(each.saga.key(each.start)) for each in runs],
        [each.told.type for each in runs],
        [each.told.body for each in runs],
        [each.traceparent for each in runs],
        [_encoded_steps(each.run) for each in runs],
        [_encoded_replies(each.replies) for each in runs],
        [turn.cause.value if turn else None for turn in turns],
        [turn.reason if turn else None for turn in turns],
        [turn.code if turn else None for turn in turns],
        [each.status.value for each in runs],
        [each.status.ended for each in runs],
        [each.revision for each in runs],
    )
    return Statement(_SAVE, arguments, tell, at_least=len(runs))


def _all_opened(sagas: Definitions, rows: Sequence[Any]) -> dict[UUID, LoadedInstance]:
    return {row["saga_id"]: _opened(sagas, row) for row in rows}


def _opened(sagas: Definitions, row: Any) -> LoadedInstance:
    saga = sagas.sagas.definition(row["saga"], row["version"])
    states = {
        step: StepState(Phase(phase), attempt) for step, (phase, attempt) in json.loads(row["steps"]).items()
    }
    turn = Abort(AbortCause(row["cause"]), row["reason"], row["code"]) if row["cause"] else None
    replies = {step: _decoded_reply(sagas, *said) for step, said in json.loads(row["replies"]).items()}
    told = RawMessage(row["start_type"], row["start"])
    start = cast(Event, sagas.contracts.readers[told.type](told.body))
    run = Instance(states, turn)
    return LoadedInstance(row["saga_id"], saga, told, start, row["traceparent"], run, replies, row["revision"])


def _encoded_steps(run: Instance) -> str:
    return json.dumps({step: [state.phase.value, state.attempt] for step, state in run.steps.items()})


def _encoded_replies(replies: Mapping[str, Reply]) -> str:
    return json.dumps(
        {step: [type_name(type(reply)), reply.model_dump(mode="json")] for step, reply in replies.items()}
    )


def _decoded_reply(sagas: Definitions, type_: str, body: Any) -> Reply:
    return cast(Reply, sagas.contracts.readers[type_](json.dumps(body)))
