"""Saga instances in the database: one fixed statement reads, locks or saves a whole batch of them."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.protocol.contracts import Contracts
from counterstep.protocol.messages import Event, Reply
from counterstep.protocol.naming import type_name
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Instance, Phase, Status, StepState
from counterstep.saga.registry import Registry

_COLUMNS = """
SELECT saga_id, saga, version, key, start_type, start, steps::text AS steps, replies::text AS replies, cause,
       reason, code, traceparent, revision, ignored
FROM saga_runs
"""
_OLDEST_OF_EACH_KEY = """
SELECT DISTINCT ON (saga, key) saga_id FROM saga_runs JOIN unnest($2::text[], $3::text[]) AS row (saga, key)
     USING (saga, key)
ORDER BY saga, key, saga_id
"""
_READ = f"{_COLUMNS} WHERE saga_id = ANY($1::uuid[] || ARRAY({_OLDEST_OF_EACH_KEY})) ORDER BY saga_id"
_LOCK = f"{_COLUMNS} WHERE saga_id = ANY($1::uuid[]) ORDER BY saga_id FOR UPDATE"

_SAVE = """
INSERT INTO saga_runs AS run
    (saga_id, saga, version, key, unique_key, start_type, start, traceparent, steps, replies, cause, reason, code,
     status, revision, ignored, started_at, ended_at)
SELECT saga_id, saga, version, key, unique_key, start_type, start, traceparent, steps::jsonb, replies::jsonb,
       cause, reason, code, status, revision + 1, ignored, now(), CASE WHEN ended THEN now() END
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bool[], $16::int[],
            $17::int[])
     AS now_is (saga_id, saga, version, key, unique_key, start_type, start, traceparent, steps, replies, cause,
                reason, code, status, ended, revision, ignored)
ORDER BY saga_id
ON CONFLICT (saga_id) DO UPDATE
SET steps = excluded.steps, replies = excluded.replies, cause = excluded.cause, reason = excluded.reason,
    code = excluded.code, status = excluded.status, revision = excluded.revision,
    ignored = run.ignored + excluded.ignored,
    ended_at = coalesce(run.ended_at, excluded.ended_at)
WHERE run.revision = excluded.revision - 1
RETURNING run.saga_id, extract(epoch FROM run.ended_at - run.started_at)::float AS seconds
"""

# Locked in one order, so that two transactions that ignore inputs of the same instances do not deadlock.
_IGNORED = """
WITH locked AS (SELECT saga_id FROM saga_runs WHERE saga_id = ANY($1::uuid[]) ORDER BY saga_id FOR UPDATE)
UPDATE saga_runs AS run SET ignored = run.ignored + more
FROM locked JOIN unnest($1::uuid[], $2::int[]) AS row (saga_id, more) USING (saga_id)
WHERE run.saga_id = locked.saga_id
RETURNING 1
"""


class Definitions(NamedTuple):
    """What stored instances are read with: the sagas that they are pinned to, and the messages that they hold."""

    sagas: Registry
    contracts: Contracts
    reply_address: str = "orchestrator"
    """Where participants send their replies: the name of the orchestrator's service."""


class RawMessage(NamedTuple):
    """A message as it was received: the name of its type with its version, and its body."""

    type: str
    body: bytes


@dataclass(slots=True)
class LoadedInstance:
    """An instance with everything that its commands are made from, as this transaction has read or begun it."""

    saga_id: UUID
    saga: Saga[Any]
    raw_start: RawMessage
    """The start event in the version in which it was received, so that an older orchestrator can read it too."""
    start: Event
    """The same event in today's version."""
    traceparent: str | None
    """The trace that the instance continues."""
    instance: Instance
    replies: dict[str, Reply] = field(default_factory=dict)
    """The replies that later steps take, by step."""
    revision: int = 0
    """Grows by one with each change, to find concurrent ones; 0 for an instance that has no row yet."""
    ignored: int = 0
    """How many inputs have changed nothing so far."""

    @property
    def status(self) -> Status:
        """Where the instance stands as a whole."""
        return self.instance.status(self.saga)

    @property
    def key(self) -> str:
        """The business key, by which people look for the instance."""
        return self.saga.key_of(self.start)

    def awaits_as_input(self, attempt: Attempt) -> bool:
        """Whether the reply to this attempt is pending, and a later step takes it."""
        is_input = attempt.direction == "forward" and attempt.step in self.saga.needed_replies
        return is_input and attempt in self.instance.pending


SagaKey: TypeAlias = tuple[str, str]
"""The name of a saga, and a business key."""


class ReadInstances(NamedTuple):
    """Instances that were looked for.

    `unreadable` has those that exist and cannot be read, each with the reason: a `LookupError` for one whose
    version is not registered here. `by_key` has the oldest that was found of each key.
    """

    loaded: dict[UUID, LoadedInstance]
    unreadable: dict[UUID, Exception]
    by_key: dict[SagaKey, UUID]


async def read(
    sql: Sql, definitions: Definitions, saga_ids: Collection[UUID], keys: Collection[SagaKey] = ()
) -> ReadInstances:
    """Those of these instances that exist, and the oldest instance of each of these keys."""
    sagas, names = [saga for saga, _ in keys], [key for _, key in keys]
    found = ReadInstances({}, {}, {})
    for row in await sql(_READ, sorted(saga_ids), sagas, names):
        found.by_key.setdefault(
            (row["saga"], row["key"]), row["saga_id"]
        )  # the rows are ordered, the oldest first
        try:
            found.loaded[row["saga_id"]] = _decoded(definitions, row)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is about this instance alone
            found.unreadable[row["saga_id"]] = error
    return found


async def lock(sql: Sql, definitions: Definitions, saga_ids: Collection[UUID]) -> dict[UUID, LoadedInstance]:
    """Those of these instances that exist. No other transaction can change them until this one ends.

    Raises `LookupError` for one whose version is not registered here.
    """
    return {row["saga_id"]: _decoded(definitions, row) for row in await sql(_LOCK, sorted(saga_ids))}


def saving(
    instances: Sequence[LoadedInstance], on_end: Callable[[UUID, float], None], ignored: Mapping[UUID, int]
) -> Statement:
    """Save where these instances stand; `on_end` gets the seconds that each ended one took, from start to end.

    `ignored` says how many more inputs of an instance changed nothing.

    It raises `ConcurrencyConflictError` where another transaction has begun or advanced one of them first. A
    second instance of a unique key is a unique violation, which is a concurrency conflict too.
    """

    def report(saved: Sequence[Any]) -> None:
        for saga_id, seconds in saved:
            if seconds is not None:
                on_end(saga_id, seconds)

    aborts = [each.instance.abort for each in instances]
    arguments = (
        [each.saga_id for each in instances],
        [each.saga.name for each in instances],
        [each.saga.version for each in instances],
        [each.key for each in instances],
        [each.key if each.saga.unique else None for each in instances],
        [each.raw_start.type for each in instances],
        [each.raw_start.body for each in instances],
        [each.traceparent for each in instances],
        [_encoded_steps(each.instance) for each in instances],
        [_encoded_replies(each.replies) for each in instances],
        [abort.cause.value if abort else None for abort in aborts],
        [abort.reason if abort else None for abort in aborts],
        [abort.code if abort else None for abort in aborts],
        [each.status.value for each in instances],
        [each.status.ended for each in instances],
        [each.revision for each in instances],
        [ignored.get(each.saga_id, 0) for each in instances],
    )
    return Statement(_SAVE, arguments, report, at_least=len(instances))


def counting_ignored(ignored: Mapping[UUID, int]) -> Statement:
    """Count inputs that changed nothing: how many more, for each of these instances, which have not changed."""
    return Statement(_IGNORED, (list(ignored), list(ignored.values())))


def decoded_steps(steps: Mapping[str, Any]) -> dict[str, StepState]:
    """The states of the steps, from the JSON of the column `steps`."""
    return {step: StepState(Phase(phase), number) for step, (phase, number) in steps.items()}


def _decoded(definitions: Definitions, row: Any) -> LoadedInstance:
    readers = definitions.contracts.readers
    abort = Abort(AbortCause(row["cause"]), row["reason"], row["code"]) if row["cause"] else None
    raw_start = RawMessage(row["start_type"], row["start"])
    return LoadedInstance(
        saga_id=row["saga_id"],
        saga=definitions.sagas.definition(row["saga"], row["version"]),
        raw_start=raw_start,
        start=cast(Event, readers[raw_start.type](raw_start.body)),
        traceparent=row["traceparent"],
        instance=Instance(decoded_steps(json.loads(row["steps"])), abort),
        replies={
            step: cast(Reply, readers[type_](json.dumps(body)))
            for step, (type_, body) in json.loads(row["replies"]).items()
        },
        revision=row["revision"],
        ignored=row["ignored"],
    )


def _encoded_steps(instance: Instance) -> str:
    return json.dumps({step: [state.phase.value, state.attempt_number] for step, state in instance.steps.items()})


def _encoded_replies(replies: Mapping[str, Reply]) -> str:
    return json.dumps(
        {step: [type_name(type(reply)), reply.model_dump(mode="json")] for step, reply in replies.items()}
    )
