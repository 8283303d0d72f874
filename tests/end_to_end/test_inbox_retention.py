"""Replies are forgotten after their retention, except where one is still owed."""

from collections.abc import AsyncIterator
from typing import cast
from uuid import uuid4

import asyncpg
import pytest
from contracts.payment import PaymentCaptured
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.messaging.inbox import table
from counterstep.protocol.answers import Accepted
from counterstep.protocol.barrier import EffectKey
from infra.launcher.native.stack import Stack

GIVEN = EffectKey(uuid4(), "capture_payment", "forward")
OWED = EffectKey(uuid4(), "authorize_payment", "forward")
NEW = EffectKey(uuid4(), "capture_payment", "forward")
EVERY = "SELECT saga_id, step, direction FROM inbox WHERE saga_id = ANY($1)"


@pytest.fixture
async def sql(stack: Stack) -> AsyncIterator[Sql]:
    """Payment's statements, in a transaction that is rolled back."""
    connection = await asyncpg.connect(stack.database_url("payment"))
    await connection.execute("BEGIN")
    yield cast(Sql, connection.fetch)
    await connection.close()


@pytest.mark.parametrize(("days", "left"), [(31, {OWED, NEW}), (29, {GIVEN, OWED, NEW})])
async def test_a_reply_is_forgotten_after_its_retention_and_one_that_is_owed_never(
    sql: Sql, days: int, left: set[EffectKey]
) -> None:
    await sql("DELETE FROM inbox RETURNING 1")  # those of other tests, in this transaction alone
    answers = {GIVEN: PaymentCaptured(), OWED: Accepted(), NEW: PaymentCaptured()}
    await execute_together(sql, [table.recording(answers)])
    old = [GIVEN.saga_id, OWED.saga_id]
    await sql(
        "UPDATE inbox SET answered_at = now() - make_interval(days => $2) WHERE saga_id = ANY($1) RETURNING 1",
        old,
        days,
    )
    pruned = await table.prune(sql, limit=10)
    assert pruned == len(answers) - len(left)
    rows = await sql(EVERY, [key.saga_id for key in answers])
    assert {EffectKey(*row) for row in rows} == left


async def test_at_most_the_limit_is_forgotten_at_a_time(sql: Sql) -> None:
    answers = {EffectKey(uuid4(), "capture_payment", "forward"): PaymentCaptured() for _ in range(5)}
    await sql("DELETE FROM inbox RETURNING 1")
    await execute_together(sql, [table.recording(answers)])
    await sql("UPDATE inbox SET answered_at = now() - interval '31 days' RETURNING 1")
    assert [await table.prune(sql, limit=2) for _ in range(4)] == [2, 2, 1, 0]
