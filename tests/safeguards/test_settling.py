"""A bulk act settles as many as it was asked to: what cannot be settled holds up nothing."""

from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.http.problems import Problem
from counterstep.http.settling import Many, settle_oldest
from counterstep.messaging.consumer import dead_letters
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from envelopes import a_command

AGED = "UPDATE dead_letters SET died_at = now() - make_interval(mins => $2) WHERE message_id = $1"
OLD = {UUID(int=n): 60 - n for n in range(1, 8)}
"""Seven letters and their ages in minutes: the first is the oldest."""


@pytest.fixture
async def seven(transactions: PlatformTransactions, connection: asyncpg.Connection) -> None:
    letter = Failed(queue="hotel.commands", envelope=a_command(), fingerprint=uuid4(), failures=4, reason="boom")
    async with transactions() as transaction:
        dead = [replace(letter.envelope, message_id=each) for each in OLD]
        await dead_letters.bury(
            transaction, [replace(letter, envelope=each, fingerprint=uuid4()) for each in dead]
        )
    for message_id, minutes in OLD.items():
        await connection.execute(AGED, message_id, minutes)


def settle(letter: DeadLetter, *, hopeless: int) -> None:
    """Settle the letter, unless it is among the oldest ones, of which this many cannot be settled."""
    if letter.message_id.int <= hopeless:
        raise Problem(409, "it cannot be settled")
    letter.settle("replayed", by="ada", because="a test")


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize(("hopeless", "settled"), [(0, [1, 2]), (5, [6, 7]), (6, [7]), (7, [])])
async def test_letters_that_cannot_be_settled_hold_up_no_other(
    transactions: PlatformTransactions, connection: asyncpg.Connection, hopeless: int, settled: list[int]
) -> None:
    many = Many(reason="a test", limit=2)
    async with transactions() as transaction:
        act = partial(settle, hopeless=hopeless)
        number = await settle_oldest(transaction, DeadLetter, "died_at", many, act)
    query = "SELECT message_id FROM dead_letters WHERE status = 'replayed' ORDER BY message_id"
    assert [row[0].int for row in await connection.fetch(query)] == settled
    assert number == len(settled)


ROWS = """
INSERT INTO outbox_quarantine (message_id, saga_id, type, exchange, routing_key, headers, body, written_at, reason,
                               tries, status, quarantined_at)
SELECT gen_random_uuid(), gen_random_uuid(), 'a', 'b', 'c', '{}', '', now(), 'boom', 1, $1,
       now() - make_interval(days => $2)
FROM generate_series(1, 3)
"""


async def test_what_was_settled_long_ago_leaves_the_quarantine_a_few_at_a_time_and_what_waits_stays(
    sql: Sql, connection: asyncpg.Connection
) -> None:
    for status, days in [("waiting", 1_000), ("retried", 91), ("discarded", 91), ("discarded", 89)]:
        await connection.execute(ROWS, status, days)
    assert [await quarantine.prune(sql, limit=4) for _ in range(3)] == [4, 2, 0]
    left = "SELECT status, count(*) FROM outbox_quarantine GROUP BY status ORDER BY status"
    assert [tuple(row) for row in await connection.fetch(left)] == [("discarded", 3), ("waiting", 3)]
