"""The inbox: an answer is recorded once, an owed one is completed once, and none is taken for another."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.messaging.inbox import table as inbox
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.barrier import EffectKey
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Reply
from travel.contracts.hotel import Booked, HotelCancelled
from travel.topology import TRAVEL

ROOM, ANOTHER = Booked(room=1), Booked(room=2)
KEY = EffectKey(uuid4(), "book_hotel", "forward")
NEIGHBOURS = (
    KEY._replace(saga_id=uuid4()),
    KEY._replace(step="book_flight"),
    KEY._replace(direction="compensation"),
)
"""Each differs from `KEY` in one part."""
HEADERS = Headers(step="book_hotel", direction="forward", attempt=2, reply_key="orchestrator")


async def record(sql: Sql, *replies: tuple[EffectKey, Reply]) -> None:
    await execute_together(sql, [inbox.recording(dict(replies))])


async def found(sql: Sql, *keys: EffectKey) -> dict[EffectKey, Reply]:
    """What the inbox knows of these commands and of the actions that they compensate."""
    replies: dict[EffectKey, Reply] = {}
    await execute_together(sql, [inbox.finding(TRAVEL.contracts, keys, replies.__setitem__)])
    return replies


async def test_an_answer_is_never_replaced_by_another(sql: Sql) -> None:
    await record(sql, (KEY, ROOM))
    with pytest.raises(ConcurrencyConflictError):
        await record(sql, (KEY, ANOTHER))
    assert await found(sql, KEY) == {KEY: ROOM}


async def test_an_action_that_is_done_is_not_abandoned(sql: Sql) -> None:
    await record(sql, (KEY, ROOM))
    with pytest.raises(ConcurrencyConflictError):
        await record(sql, (KEY, Abandoned()))
    assert await found(sql, KEY) == {KEY: ROOM}


async def test_an_accepted_action_is_abandoned_by_its_compensation_and_answered_by_nobody_else(sql: Sql) -> None:
    await record(sql, (KEY, Accepted()))
    with pytest.raises(ConcurrencyConflictError):
        await record(sql, (KEY, ROOM))
    assert await found(sql, KEY) == {KEY: Accepted()}
    await record(sql, (KEY, Abandoned()))
    assert await found(sql, KEY) == {KEY: Abandoned()}


async def test_of_a_batch_with_one_answer_that_is_there_already_nothing_is_recorded(sql: Sql) -> None:
    await record(sql, (KEY, ROOM))
    with pytest.raises(ConcurrencyConflictError):
        await record(sql, *((each, ROOM) for each in NEIGHBOURS), (KEY, ROOM))
    assert not await found(sql, *NEIGHBOURS[:2])


async def test_a_compensation_finds_the_answer_to_its_action_and_none_of_another_effect(sql: Sql) -> None:
    undo = KEY._replace(direction="compensation")
    await record(sql, (KEY, ROOM), *((each, ANOTHER) for each in NEIGHBOURS[:2]))
    assert await found(sql, undo) == {KEY: ROOM}
    await record(sql, (undo, HotelCancelled()))
    assert await found(sql, undo) == {KEY: ROOM, undo: HotelCancelled()}
    assert await found(sql, KEY) == {KEY: ROOM}


async def test_an_owed_answer_is_completed_once_and_no_other_with_it(sql: Sql) -> None:
    every = (KEY, *NEIGHBOURS)
    await record(sql, *((each, Accepted()) for each in every))
    await inbox.defer(
        sql, {each: HEADERS.model_copy(update={"attempt": 3 + nth}) for nth, each in enumerate(every)}
    )
    assert await inbox.complete(sql, KEY, ROOM) == HEADERS.model_copy(update={"attempt": 3})
    assert await inbox.complete(sql, KEY, ANOTHER) is None
    assert await found(sql, *every) == {KEY: ROOM, **dict.fromkeys(NEIGHBOURS, Accepted())}


async def test_an_answer_is_owed_to_its_own_command_alone(sql: Sql) -> None:
    await record(sql, *((each, Accepted()) for each in (KEY, *NEIGHBOURS)))
    await inbox.defer(sql, {KEY: HEADERS})
    owed = await sql("SELECT saga_id, step, direction FROM inbox WHERE owed_to IS NOT NULL")
    assert [EffectKey(*row) for row in owed] == [KEY]


async def test_what_is_answered_is_not_owed_again(sql: Sql) -> None:
    await record(sql, (KEY, Accepted()), (NEIGHBOURS[0], ROOM))
    with pytest.raises(ConcurrencyConflictError):
        await inbox.defer(sql, {KEY: HEADERS, NEIGHBOURS[0]: HEADERS})
    await inbox.complete(sql, KEY, ROOM)
    with pytest.raises(ConcurrencyConflictError):
        await inbox.defer(sql, {KEY: HEADERS})


async def test_an_abandoned_action_is_not_completed(sql: Sql) -> None:
    await record(sql, (KEY, Accepted()))
    await inbox.defer(sql, {KEY: HEADERS})
    await record(sql, (KEY, Abandoned()))
    assert await inbox.complete(sql, KEY, ROOM) is None
    assert await found(sql, KEY) == {KEY: Abandoned()}


async def test_an_answer_that_comes_late_is_kept_from_then_on(sql: Sql) -> None:
    await record(sql, (KEY, Accepted()))
    await inbox.defer(sql, {KEY: HEADERS})
    await sql("UPDATE inbox SET answered_at = now() - interval '31 days' RETURNING 1")
    await inbox.complete(sql, KEY, ROOM)
    assert await inbox.prune(sql, limit=10) == 0
    assert await found(sql, KEY) == {KEY: ROOM}


async def test_two_processes_that_answer_one_command_do_not_both_record_it(
    sql: Sql, connection: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    async def fetch(statement: str, *arguments: Any) -> Any:
        return await other.fetch(statement, *arguments)

    await record(fetch, (KEY, ROOM))
    with pytest.raises(asyncpg.LockNotAvailableError):  # it waits for the other one
        await record(sql, (KEY, ANOTHER))
    await other.execute("COMMIT")
    with pytest.raises(ConcurrencyConflictError):
        await record(sql, (KEY, ANOTHER))
    assert await connection.fetchval("SELECT count(*) FROM inbox") == 1


async def test_replies_are_listed_from_the_newest_saga_on_page_by_page(sql: Sql) -> None:
    every = sorted((KEY, *NEIGHBOURS), reverse=True)
    await record(sql, *((each, ROOM) for each in every))
    first = await inbox.browse(sql, None, None, limit=3)
    rest = await inbox.browse(sql, None, first[-1].key, limit=3)
    assert [each.key for each in (*first, *rest)] == every
    of_one = await inbox.browse(sql, KEY.saga_id, None, limit=10)
    assert [each.key for each in of_one] == [each for each in every if each.saga_id == KEY.saga_id]
