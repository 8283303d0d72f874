"""The outbox: a row is published by one relay at a time, in the order of its saga, until it is confirmed."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox import table as outbox
from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.wire.envelope import Envelope

OURS, THEIRS = uuid4(), uuid4()
"""The leases of two relays."""
SAGA, ANOTHER = uuid4(), uuid4()


def envelope(saga_id: UUID, message_id: UUID | None = None) -> Envelope:
    return Envelope(
        message_id=message_id or uuid4(),
        saga_id=saga_id,
        type="hotel.book_hotel.v1",
        exchange="commands",
        routing_key="hotel.book_hotel",
        body=b"{}",
    )


async def written(sql: Sql, *sagas: UUID, lease: UUID = OURS) -> list[int]:
    """A message of each of these sagas, committed by the process of this relay; gives their positions."""
    stored: list[Stored] = []
    await execute_together(sql, [outbox.inserting([envelope(each) for each in sagas], lease, stored.extend)])
    return [each.position for each in stored]


async def expire(connection: asyncpg.Connection, *positions: int) -> None:
    await connection.execute(
        "UPDATE outbox SET leased_until = now() - interval '1 s' WHERE position = ANY($1)", positions
    )


async def claimed(connection: asyncpg.Connection, lease: UUID = THEIRS, *, limit: int = 10) -> list[int]:
    rows, unreadable = await outbox.claim(connection, lease, limit=limit)
    assert not unreadable
    return [each.position for each in rows]


async def left(connection: asyncpg.Connection) -> list[int]:
    return [row[0] for row in await connection.fetch("SELECT position FROM outbox ORDER BY position")]


async def test_positions_rise_in_the_order_of_the_messages(sql: Sql, connection: asyncpg.Connection) -> None:
    envelopes = [envelope(uuid4()) for _ in range(200)]
    stored: list[Stored] = []
    await execute_together(sql, [outbox.inserting(envelopes, OURS, stored.extend)])
    assert [each.envelope for each in stored] == envelopes
    rows = await connection.fetch("SELECT position, message_id FROM outbox ORDER BY position")
    assert [tuple(row) for row in rows] == [(each.position, each.envelope.message_id) for each in stored]


async def test_what_a_relay_has_in_memory_is_no_other_s_until_its_lease_has_run_out(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    first, second = await written(sql, SAGA, ANOTHER)
    assert await claimed(connection) == []
    await expire(connection, second)
    assert await claimed(connection) == [second]
    await expire(connection, first)
    assert await claimed(connection) == [first]
    assert await claimed(connection, uuid4()) == []


async def test_the_oldest_rows_are_claimed_first_and_no_more_than_the_limit(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    positions = await written(sql, *(uuid4() for _ in range(5)))
    await expire(connection, *positions)
    await connection.execute("UPDATE outbox SET body = body WHERE position = $1", positions[0])  # moved on disk
    assert [await claimed(connection, limit=2) for _ in range(3)] == [positions[:2], positions[2:4], positions[4:]]


async def test_what_another_relay_is_claiming_is_passed_over(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    first, second = await written(sql, SAGA, ANOTHER)
    await expire(connection, first, second)
    assert await claimed(other, limit=1) == [first]
    assert await claimed(connection, OURS) == [second]


async def test_a_row_that_was_taken_over_is_not_deleted_by_the_relay_that_was_slow(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    first, second = await written(sql, SAGA, ANOTHER)
    await expire(connection, first)
    await claimed(connection)
    await outbox.delete(connection, [first, second], OURS)
    assert await left(connection) == [first]
    await outbox.delete(connection, [first], THEIRS)
    assert await left(connection) == []


async def test_a_refused_row_holds_back_the_later_ones_of_its_saga_and_nothing_else(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    before, refused, after, others = await written(sql, SAGA, SAGA, SAGA, ANOTHER)
    await outbox.hold(connection, [refused], OURS)
    await expire(connection, before, after, others)
    assert await claimed(connection) == [before, others]
    await expire(connection, before, refused)
    assert await claimed(connection) == [before, refused, after]


async def test_a_row_that_was_never_refused_holds_back_none(sql: Sql, connection: asyncpg.Connection) -> None:
    _, second = await written(sql, SAGA, SAGA)
    await expire(connection, second)
    assert await claimed(connection) == [second]


async def test_a_refusal_is_written_down_once(sql: Sql, connection: asyncpg.Connection) -> None:
    [position] = await written(sql, SAGA)
    version = "SELECT xmin::text FROM outbox"
    await outbox.hold(connection, [position], OURS)
    before = await connection.fetchval(version)
    await outbox.hold(connection, [position], OURS)
    assert await connection.fetchval(version) == before


async def test_what_is_refused_after_it_was_unroutable_counts_as_unroutable_no_longer(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    [position] = await written(sql, SAGA)
    await outbox.postpone(connection, [position], OURS)
    await connection.execute("UPDATE outbox SET returned_since = now() - interval '1 h'")
    assert (await outbox.postpone(connection, [position], OURS))[position] == pytest.approx(3600, abs=60)
    await outbox.hold(connection, [position], OURS)
    assert (await outbox.postpone(connection, [position], OURS))[position] < 60
    assert await connection.fetchval("SELECT refusals FROM outbox") == 3


async def test_what_is_returned_waits_and_is_told_since_when(sql: Sql, connection: asyncpg.Connection) -> None:
    [position] = await written(sql, SAGA)
    await expire(connection, position)
    assert (await outbox.postpone(connection, [position], OURS))[position] == 0
    assert await claimed(connection) == []


async def test_a_relay_writes_nothing_down_of_a_row_that_another_has_taken_over(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    [position] = await written(sql, SAGA, lease=THEIRS)
    before = await connection.fetch("SELECT * FROM outbox")
    await outbox.hold(connection, [position], OURS)
    assert not await outbox.postpone(connection, [position], OURS)
    assert not await quarantine.move(connection, {position: "a test"}, OURS)
    assert await connection.fetch("SELECT * FROM outbox") == before
    assert await connection.fetchval("SELECT count(*) FROM outbox_quarantine") == 0


async def test_only_the_rows_that_are_named_are_touched(sql: Sql, connection: asyncpg.Connection) -> None:
    first, second = await written(sql, SAGA, ANOTHER)
    before = await connection.fetchrow("SELECT * FROM outbox WHERE position = $1", second)
    await outbox.hold(connection, [first], OURS)
    await outbox.postpone(connection, [first], OURS)
    assert await outbox.existing(connection, [first, first + 1_000]) == {first}
    await quarantine.move(connection, {first: "a test"}, OURS)
    await outbox.delete(connection, [first], OURS)
    assert await connection.fetch("SELECT * FROM outbox") == [before]


async def quarantined(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch("SELECT * FROM outbox_quarantine")]


async def insert(sql: Sql, envelopes: Sequence[Envelope]) -> list[int]:
    stored: list[Stored] = []
    await execute_together(sql, [outbox.inserting(envelopes, OURS, stored.extend)])
    return [each.position for each in stored]


async def test_a_message_that_comes_into_quarantine_again_waits_again_with_one_try_more(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    message_id = uuid4()
    [first] = await insert(sql, [envelope(SAGA, message_id)])
    assert await quarantine.move(connection, {first: "one"}, OURS) == {first}
    settled = "UPDATE outbox_quarantine SET status = 'retried', settled_by = 'ada', settled_because = 'a test'"
    await connection.execute(settled)
    assert await quarantine.waiting(cast(Sql, connection.fetch)) == 0
    [second] = await insert(sql, [envelope(SAGA, message_id)])
    await quarantine.move(connection, {second: "two"}, OURS)
    [row] = await quarantined(connection)
    assert (row["message_id"], row["tries"], row["reason"], row["status"]) == (message_id, 2, "two", "waiting")
    assert (row["settled_by"], row["settled_because"]) == (None, None)
    assert await quarantine.waiting(cast(Sql, connection.fetch)) == 1
    assert await left(connection) == []


async def test_of_two_rows_of_one_message_the_newer_one_is_kept(sql: Sql, connection: asyncpg.Connection) -> None:
    message_id = uuid4()
    older, newer = await insert(sql, [envelope(SAGA, message_id), envelope(ANOTHER, message_id)])
    await quarantine.move(connection, {older: "older", newer: "newer"}, OURS)
    [row] = await quarantined(connection)
    assert (row["saga_id"], row["reason"]) == (ANOTHER, "newer")
    assert await left(connection) == []
