"""Deadlines: each is set once, taken when it has passed, by one orchestrator, and taken back by its answer."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.orchestration import deadlines
from counterstep.saga.attempt import Attempt
from travel.sagas import SAGAS

from safeguards.sagas import begun, save

HOTEL, FLIGHT = Attempt("book_hotel", "forward", 1), Attempt("book_flight", "forward", 1)
NEIGHBOURS = (
    replace(HOTEL, step="book_flight"),
    replace(HOTEL, direction="compensation"),
    replace(HOTEL, number=2),
)
"""Each differs from `HOTEL` in one part."""
PAST = timedelta(seconds=-10)


async def set_(sql: Sql, saga_id: UUID, *attempts: Attempt, within: timedelta = PAST) -> None:
    await execute_together(sql, [deadlines.setting({(saga_id, each): within for each in attempts})])


async def take(sql: Sql, *, limit: int = 10) -> list[tuple[UUID, Attempt]]:
    return await deadlines.take_due(sql, SAGAS, limit=limit)


async def left(connection: asyncpg.Connection) -> set[tuple[UUID, Attempt]]:
    rows = await connection.fetch("SELECT saga_id, step, direction, attempt FROM deadlines")
    return {(row[0], Attempt(*row[1:])) for row in rows}


@pytest.fixture
async def saga_id(sql: Sql) -> UUID:
    """An instance that has been saved."""
    saved = begun()
    await save(sql, saved)
    return saved.saga_id


async def test_a_deadline_is_taken_once_it_has_passed_and_only_once(sql: Sql, saga_id: UUID) -> None:
    await set_(sql, saga_id, HOTEL, within=timedelta(seconds=30))
    assert not await take(sql)
    await set_(sql, saga_id, FLIGHT)
    assert await take(sql) == [(saga_id, FLIGHT)]
    assert not await take(sql)


async def test_the_timeout_is_its_own_and_a_tenth_more_at_most(
    sql: Sql, connection: asyncpg.Connection, saga_id: UUID
) -> None:
    attempts = [Attempt("book_hotel", "forward", number) for number in range(200)]
    await set_(sql, saga_id, *attempts, within=timedelta(seconds=1_000))
    rows = await connection.fetch("SELECT extract(epoch FROM due_at - now())::float FROM deadlines")
    seconds = [row[0] for row in rows]
    assert all(990 < each < 1_100 for each in seconds)
    assert max(seconds) - min(seconds) > 50  # so that those that began together are not resent together


async def test_what_is_due_longest_is_taken_first_and_no_more_than_the_limit(sql: Sql, saga_id: UUID) -> None:
    for number, late in enumerate((1, 300, 20), 1):
        await set_(sql, saga_id, Attempt("book_hotel", "forward", number), within=-timedelta(seconds=late))
    taken = [await take(sql, limit=1) for _ in range(4)]
    assert [attempt.number for each in taken for _, attempt in each] == [2, 3, 1]


OTHERWISE = {
    "another version": "UPDATE saga_runs SET version = 9",
    "another saga": "UPDATE saga_runs SET saga = 'another'",
}


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
async def test_the_deadline_of_a_definition_that_is_not_registered_is_left_to_who_has_it(
    sql: Sql, connection: asyncpg.Connection, saga_id: UUID, otherwise: str
) -> None:
    await set_(sql, saga_id, HOTEL)
    await connection.execute(otherwise)
    assert not await take(sql)
    assert await left(connection) == {(saga_id, HOTEL)}


async def test_what_another_orchestrator_is_taking_is_passed_over(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection, saga_id: UUID
) -> None:
    await set_(sql, saga_id, HOTEL, within=2 * PAST)
    await set_(sql, saga_id, FLIGHT)
    await other.fetch("SELECT FROM deadlines WHERE step = 'book_hotel' FOR UPDATE")
    assert await take(sql) == [(saga_id, FLIGHT)]
    assert await left(connection) == {(saga_id, HOTEL)}


async def test_a_deadline_is_taken_while_its_instance_is_locked(
    sql: Sql, other: asyncpg.Connection, saga_id: UUID
) -> None:
    await set_(sql, saga_id, HOTEL)
    await other.fetch("SELECT FROM saga_runs FOR UPDATE")
    assert await take(sql) == [(saga_id, HOTEL)]


async def test_an_answer_takes_back_its_own_deadline_and_no_other(
    sql: Sql, connection: asyncpg.Connection, saga_id: UUID
) -> None:
    another = uuid4()
    await set_(sql, saga_id, HOTEL, *NEIGHBOURS)
    await set_(sql, another, HOTEL)
    await execute_together(sql, [deadlines.clearing({(saga_id, HOTEL)})])
    assert await left(connection) == {(another, HOTEL), *((saga_id, each) for each in NEIGHBOURS)}


async def test_an_answer_does_not_wait_for_the_deadline_that_comes_due_at_this_moment(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection, saga_id: UUID
) -> None:
    await set_(sql, saga_id, HOTEL, FLIGHT)
    await other.fetch("SELECT FROM deadlines WHERE step = 'book_hotel' FOR UPDATE")
    await execute_together(sql, [deadlines.clearing({(saga_id, HOTEL), (saga_id, FLIGHT)})])
    assert await left(connection) == {(saga_id, HOTEL)}


async def test_only_what_is_due_soon_keeps_a_participant_busy(sql: Sql, saga_id: UUID) -> None:
    await set_(sql, saga_id, HOTEL, *NEIGHBOURS, within=timedelta(seconds=50))
    await set_(sql, uuid4(), HOTEL, within=timedelta(seconds=70))  # it waits for a person
    assert await deadlines.due_soon(sql, at_most=10) == 4
    assert await deadlines.due_soon(sql, at_most=3) == 3
