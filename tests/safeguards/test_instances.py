"""The store of saga instances: one transaction at a time changes one, and what has ended stays as it ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest
from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.orchestration import history, instances, rate_limit
from counterstep.orchestration.history import NewEntry
from counterstep.orchestration.retention import delete_ended
from counterstep.saga.attempt import Attempt
from counterstep.saga.instance import Phase
from counterstep.saga.transition import HistoryEntry, HistoryEvent
from long_ago import id_of

from safeguards.sagas import DEFINITIONS, begun, save

MONTH = timedelta(days=30)


async def runs(connection: asyncpg.Connection) -> list[Any]:
    return [row[0] for row in await connection.fetch("SELECT saga_id FROM saga_runs ORDER BY saga_id")]


@pytest.mark.parametrize("revision", [0, 2, 7])
async def test_an_instance_that_was_read_before_another_change_is_not_saved(sql: Sql, revision: int) -> None:
    saved = begun()
    await save(sql, saved)  # its revision is 1 now
    saved.revision = revision
    with pytest.raises(ConcurrencyConflictError):
        await save(sql, saved)
    assert (await instances.read(sql, DEFINITIONS, [saved.saga_id])).loaded[saved.saga_id].revision == 1


async def test_of_a_batch_with_one_stale_instance_none_is_saved(sql: Sql) -> None:
    stale, fresh = begun(), begun("oslo")
    await save(sql, stale)
    with pytest.raises(ConcurrencyConflictError):
        await save(sql, fresh, stale)
    assert not (await instances.read(sql, DEFINITIONS, [fresh.saga_id])).loaded


async def test_an_instance_that_is_locked_waits_for_its_turn(sql: Sql, other: asyncpg.Connection) -> None:
    one, another = begun(), begun("oslo")
    await save(sql, one, another)
    await instances.lock(cast(Sql, other.fetch), DEFINITIONS, [one.saga_id])
    await instances.lock(sql, DEFINITIONS, [another.saga_id])
    with pytest.raises(asyncpg.LockNotAvailableError):
        await instances.lock(sql, DEFINITIONS, [one.saga_id])


async def test_reading_waits_for_nobody(sql: Sql, other: asyncpg.Connection) -> None:
    one = begun()
    await save(sql, one)
    await instances.lock(cast(Sql, other.fetch), DEFINITIONS, [one.saga_id])
    assert set((await instances.read(sql, DEFINITIONS, [one.saga_id])).loaded) == {one.saga_id}


async def test_an_instance_ends_once(sql: Sql, connection: asyncpg.Connection) -> None:
    saved = begun()
    await save(sql, saved)
    saved.revision = 1
    for step in saved.saga.steps:
        saved.instance = saved.instance.with_step(step, Phase.DONE)
    await connection.execute("UPDATE saga_runs SET started_at = started_at - interval '1 h'")
    seconds = (await save(sql, saved))[saved.saga_id]
    assert seconds == pytest.approx(3_600, abs=60)
    await connection.execute("UPDATE saga_runs SET ended_at = ended_at - interval '30 min'")
    saved.revision = 2
    assert (await save(sql, saved))[saved.saga_id] == pytest.approx(seconds - 1_800, abs=60)


async def test_what_changed_nothing_is_counted_for_its_own_instance_and_makes_no_revision(sql: Sql) -> None:
    one, another = begun(), begun("oslo")
    await save(sql, one, another)
    await execute_together(sql, [instances.counting_ignored({one.saga_id: 3})])
    await execute_together(sql, [instances.counting_ignored({one.saga_id: 2, another.saga_id: 1})])
    loaded = (await instances.read(sql, DEFINITIONS, [one.saga_id, another.saga_id])).loaded
    found = [(loaded[each.saga_id].ignored, loaded[each.saga_id].revision) for each in (one, another)]
    assert found == [(5, 1), (1, 1)]


async def test_the_oldest_instance_of_a_key_is_found(sql: Sql) -> None:
    older, newer, another = begun(saga_id=id_of(2)), begun(saga_id=id_of(1)), begun("oslo")
    await save(sql, newer, another, older)
    found = await instances.read(sql, DEFINITIONS, [], [("book_trip", "rome")])
    assert set(found.loaded) == {older.saga_id}
    assert found.by_key == {("book_trip", "rome"): older.saga_id}


@pytest.mark.parametrize("unique", [True, False])
async def test_a_unique_key_has_one_instance_and_any_other_has_many(sql: Sql, *, unique: bool) -> None:
    def another() -> instances.LoadedInstance:
        made = begun()
        made.saga = replace(made.saga, unique=unique)
        return made

    await save(sql, another())
    if unique:
        with pytest.raises(asyncpg.UniqueViolationError):
            await save(sql, another())
    else:
        await save(sql, another())


async def made_old(connection: asyncpg.Connection, sql: Sql, days: int, *, has_ended: bool = True) -> UUID:
    """An instance that began and ended that many days ago, with an entry in its history."""
    saved = begun(saga_id=id_of(days))
    await save(sql, saved)
    if has_ended:
        await connection.execute(
            "UPDATE saga_runs SET ended_at = now() - make_interval(days => $2) WHERE saga_id = $1",
            saved.saga_id,
            days,
        )
    entry = NewEntry(saved.saga_id, HistoryEntry(HistoryEvent.SENT, Attempt("book_hotel", "forward", 1)), None)
    await execute_together(sql, [history.appending([entry])])
    return saved.saga_id


async def test_only_what_ended_long_ago_is_forgotten_with_its_history(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    await made_old(connection, sql, 31)
    young = await made_old(connection, sql, 29)
    pending = await made_old(connection, sql, 40, has_ended=False)
    slow = await made_old(connection, sql, 50)
    await connection.execute("UPDATE saga_runs SET ended_at = now() WHERE saga_id = $1", slow)
    assert await delete_ended(sql, MONTH, limit=10) == 1
    assert set(await runs(connection)) == {young, pending, slow}
    history = await connection.fetch("SELECT saga_id FROM saga_history")
    assert {row[0] for row in history} == {young, pending, slow}


async def test_the_oldest_are_forgotten_first_and_what_is_locked_is_passed_over(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    old, oldest, locked = [await made_old(connection, sql, days) for days in (50, 60, 70)]
    await other.fetch("SELECT FROM saga_runs WHERE saga_id = $1 FOR UPDATE", locked)
    assert await delete_ended(sql, MONTH, limit=1) == 1
    assert set(await runs(connection)) == {old, locked}
    assert await delete_ended(sql, MONTH, limit=10) == 1
    assert await runs(connection) == [locked]
    assert oldest not in await runs(connection)


async def test_what_has_a_rate_limit_is_done_once_in_its_time(sql: Sql, connection: asyncpg.Connection) -> None:
    minute = timedelta(minutes=1)
    assert [await rate_limit.acquire(sql, "tidy", every=minute) for _ in range(2)] == [True, False]
    assert await rate_limit.acquire(sql, "another", every=minute)
    await connection.execute("UPDATE rate_limits SET taken_at = taken_at - interval '61 s' WHERE name = 'tidy'")
    assert [await rate_limit.acquire(sql, "tidy", every=minute) for _ in range(2)] == [True, False]
