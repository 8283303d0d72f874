"""The table of retries: a message waits once, and one process at a time has it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.messaging.consumer import retries
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.retries import ORPHANED_SECONDS, Taken
from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.database.sql import Sql, execute_together
from envelopes import a_command

QUEUE, ANOTHER_QUEUE = "hotel.commands", "hotel.events"
OURS, THEIRS = uuid4(), uuid4()
"""The leases of two processes."""


def failed(**changes: Any) -> Failed:
    first = Failed(queue=QUEUE, envelope=a_command(), fingerprint=uuid4(), failures=1, reason="boom")
    return replace(first, **changes)


async def postpone(sql: Sql, message: Failed, *, seconds: float = 0) -> None:
    await execute_together(sql, [retries.postponing([replace(message, retry_in=seconds)])])


async def take(sql: Sql, lease: UUID = OURS, *, queue: str = QUEUE, limit: int = 10) -> Sequence[Taken]:
    taken: list[Taken] = []
    await execute_together(sql, [retries.taking(queue, lease, limit=limit, then=taken.extend)])
    return taken


async def renew(sql: Sql, lease: UUID, *fingerprints: UUID) -> set[UUID]:
    renewed: set[UUID] = set()
    await execute_together(sql, [retries.renewing(fingerprints, lease, renewed.update)])
    return renewed


async def expire(connection: asyncpg.Connection) -> None:
    await connection.execute("UPDATE retries SET not_before = now() - interval '1 s'")


async def row(connection: asyncpg.Connection, message: Failed) -> asyncpg.Record:
    found = await connection.fetchrow("SELECT * FROM retries WHERE fingerprint = $1", message.fingerprint)
    assert found is not None
    return found


async def test_a_message_is_taken_when_it_is_due_and_not_before(sql: Sql, connection: asyncpg.Connection) -> None:
    message = failed()
    await postpone(sql, message, seconds=30)
    assert not await take(sql)
    await expire(connection)
    [taken] = await take(sql)
    assert (taken.fingerprint, taken.failures, taken.is_repeated) == (message.fingerprint, 1, False)


async def test_each_queue_takes_its_own_those_that_are_due_longest_first_up_to_the_limit(sql: Sql) -> None:
    messages = [failed() for _ in range(4)]
    for ago, message in zip((1, 4, 2, 3), messages, strict=True):
        await postpone(sql, message, seconds=-ago)
    await postpone(sql, failed(queue=ANOTHER_QUEUE), seconds=-9)
    order = [messages[1].fingerprint, messages[3].fingerprint]
    assert {each.fingerprint for each in await take(sql, limit=2)} == set(order)
    assert len(await take(sql)) == 2
    assert len(await take(sql, queue=ANOTHER_QUEUE)) == 1


async def test_what_a_process_has_taken_no_other_takes_while_the_lease_lasts(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    await postpone(sql, failed())
    assert [each.is_repeated for each in await take(sql)] == [False]
    assert not await take(sql, THEIRS)
    await expire(connection)
    assert [each.is_repeated for each in await take(sql, OURS)] == [False]  # its own, which it never let go
    await expire(connection)
    assert [each.is_repeated for each in await take(sql, THEIRS)] == [True]


async def test_what_another_process_is_taking_is_passed_over(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    first, second = failed(), failed()
    await postpone(sql, first, seconds=-2)
    await postpone(sql, second, seconds=-1)
    await other.fetch("SELECT FROM retries WHERE fingerprint = $1 FOR UPDATE", first.fingerprint)
    assert [each.fingerprint for each in await take(sql)] == [second.fingerprint]
    assert (await row(connection, first))["lease"] is None


async def test_a_second_copy_of_a_message_that_waits_changes_nothing(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    message = failed(failures=3)
    await postpone(sql, message, seconds=30)
    before = await row(connection, message)
    await postpone(sql, replace(message, failures=1, reason="a copy"), seconds=1)
    assert await row(connection, message) == before


async def test_a_second_copy_does_not_take_a_message_from_the_process_that_tries_it(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    message = failed(failures=3)
    await postpone(sql, message)
    await take(sql)
    before = await row(connection, message)
    await postpone(sql, replace(message, failures=1), seconds=1)
    await postpone(sql, replace(message, failures=4, lease=THEIRS), seconds=1)
    assert await row(connection, message) == before


async def test_the_process_that_tries_a_message_postpones_it_and_lets_it_go(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    message = failed()
    await postpone(sql, message)
    await take(sql)
    await postpone(sql, replace(message, failures=2, reason="again", lease=OURS), seconds=30)
    now = await row(connection, message)
    assert (now["failures"], now["reason"], now["lease"]) == (2, "again", None)
    assert not await take(sql, THEIRS)


async def test_a_lease_is_renewed_by_its_process_alone(sql: Sql, connection: asyncpg.Connection) -> None:
    ours, theirs = failed(), failed()
    await postpone(sql, ours)
    await take(sql)
    await postpone(sql, theirs)
    await take(sql, THEIRS)
    await expire(connection)
    assert await renew(sql, OURS, ours.fingerprint, theirs.fingerprint) == {ours.fingerprint}
    assert [each.fingerprint for each in await take(sql, uuid4())] == [theirs.fingerprint]


async def test_only_the_leases_that_are_named_are_renewed(sql: Sql, connection: asyncpg.Connection) -> None:
    named, forgotten = failed(), failed()
    for each in (named, forgotten):
        await postpone(sql, each)
    await take(sql)
    await expire(connection)
    assert await renew(sql, OURS, named.fingerprint) == {named.fingerprint}
    assert [each.fingerprint for each in await take(sql, THEIRS)] == [forgotten.fingerprint]


async def test_what_a_process_lets_go_is_taken_at_once_and_is_no_suspect(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    let_go, kept, theirs = failed(), failed(), failed()
    for each in (let_go, kept):
        await postpone(sql, each)
    await take(sql)
    await postpone(sql, theirs)
    await take(sql, THEIRS)
    await execute_together(sql, [retries.releasing([let_go.fingerprint, theirs.fingerprint], OURS)])
    taken = await take(sql, uuid4())
    assert [(each.fingerprint, each.is_repeated) for each in taken] == [(let_go.fingerprint, False)]
    assert (await row(connection, theirs))["lease"] == THEIRS


async def test_a_message_that_another_process_has_taken_over_is_not_deleted(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    ours, lost = failed(), failed()
    for each in (ours, lost):
        await postpone(sql, each)
    await take(sql)
    await connection.execute("UPDATE retries SET lease = $1 WHERE fingerprint = $2", THEIRS, lost.fingerprint)
    with pytest.raises(ConcurrencyConflictError):
        await execute_together(sql, [retries.deleting([ours.fingerprint, lost.fingerprint], OURS)])
    assert (await row(connection, ours))["lease"] == OURS  # all or nothing
    await execute_together(sql, [retries.deleting([ours.fingerprint], OURS)])
    assert await retries.waiting(sql) == {QUEUE: 1}


@pytest.mark.parametrize(
    ("queue", "late", "adopted"),
    [
        ("hotel.gone", ORPHANED_SECONDS + 5, True),
        ("hotel.gone", ORPHANED_SECONDS - 60, False),  # a release that has the queue may still run
        (ANOTHER_QUEUE, ORPHANED_SECONDS + 5, False),  # it is only busy
    ],
)
async def test_only_what_nobody_has_taken_for_long_goes_to_another_queue(
    sql: Sql, connection: asyncpg.Connection, queue: str, late: float, *, adopted: bool
) -> None:
    message = failed(queue=queue)
    await postpone(sql, message, seconds=-late)
    await retries.adopt(sql, [QUEUE, ANOTHER_QUEUE])
    assert (await row(connection, message))["queue"] == (QUEUE if adopted else queue)


async def test_the_messages_that_are_tried_soonest_are_shown_first(sql: Sql) -> None:
    for seconds in (30, 5, 60):
        await postpone(sql, failed(failures=seconds), seconds=seconds)
    assert [each.failures for each in await retries.soonest(sql, limit=2)] == [5, 30]
