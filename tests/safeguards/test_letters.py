"""Dead letters: each message has its own, a person's word about it stands, and it dies once at a time."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from counterstep.messaging.consumer import dead_letters
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.database.errors import ConcurrencyConflictError
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from envelopes import a_command

DEAD = Failed(queue="hotel.commands", envelope=a_command(), fingerprint=UUID(int=1), failures=4, reason="boom")
SETTLED = "UPDATE dead_letters SET status = $1, settled_by = 'ada', settled_because = 'a test'"


async def bury(transactions: PlatformTransactions, *letters: Failed) -> None:
    async with transactions() as transaction:
        await dead_letters.bury(transaction, letters)


async def letters(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await connection.fetch("SELECT * FROM dead_letters ORDER BY died_at, message_id")
    return rows


async def test_a_message_that_dies_again_is_one_letter_with_one_death_more(
    transactions: PlatformTransactions, connection: asyncpg.Connection
) -> None:
    await bury(transactions, DEAD)
    await bury(transactions, replace(DEAD, reason="again", failures=5))
    [letter] = await letters(connection)
    assert (letter["deaths"], letter["reason"], letter["failures"]) == (2, "again", 5)


@pytest.mark.parametrize(
    ("status", "after"),
    [("replayed", ("waiting", None, None)), ("discarded", ("discarded", "ada", "a test"))],
)
async def test_a_letter_that_comes_back_waits_again_but_not_where_a_person_has_discarded_it(
    transactions: PlatformTransactions, connection: asyncpg.Connection, status: str, after: tuple[str | None, ...]
) -> None:
    await bury(transactions, DEAD)
    await connection.execute(SETTLED, status)
    await bury(transactions, DEAD)
    [letter] = await letters(connection)
    assert (letter["status"], letter["settled_by"], letter["settled_because"]) == after


@pytest.mark.parametrize(
    "changes", [{"body": b'{"trip": "oslo"}'}, {"saga_id": UUID(int=9)}], ids=["body", "saga"]
)
async def test_another_message_with_the_same_id_takes_no_letter_s_place(
    transactions: PlatformTransactions, connection: asyncpg.Connection, changes: dict[str, Any]
) -> None:
    forged = replace(DEAD, fingerprint=UUID(int=2), envelope=replace(DEAD.envelope, **changes))
    await bury(transactions, DEAD)
    [before] = await letters(connection)
    await bury(transactions, forged)
    await bury(transactions, forged)
    kept, second = await letters(connection)
    assert kept == before
    assert (second["body"], second["claimed_id"], second["deaths"]) == (
        forged.envelope.body,
        DEAD.envelope.message_id,
        2,
    )


@pytest.mark.parametrize(
    ("changes", "how_many"),
    [({}, 1), ({"type": "hotel.book_hotel.v1"}, 2), ({"body": b'{"trip": "oslo"}'}, 2)],
    ids=["same", "another type", "another body"],
)
async def test_a_letter_of_a_release_before_is_told_by_its_type_and_its_body(
    transactions: PlatformTransactions, connection: asyncpg.Connection, changes: dict[str, Any], how_many: int
) -> None:
    await bury(transactions, DEAD)
    await connection.execute("UPDATE dead_letters SET fingerprint = NULL, claimed_id = NULL")
    await bury(transactions, replace(DEAD, fingerprint=uuid4(), envelope=replace(DEAD.envelope, **changes)))
    assert len(await letters(connection)) == how_many


async def test_a_letter_is_not_kept_where_its_transaction_is_rolled_back(
    transactions: PlatformTransactions, connection: asyncpg.Connection
) -> None:
    async def die_and_raise() -> None:
        async with transactions() as transaction:
            await dead_letters.bury(transaction, [DEAD])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await die_and_raise()
    assert not await letters(connection)


OTHERS: dict[str, dict[str, Any]] = {
    "body": {"body": b'{"trip": "oslo"}'},
    "type": {"type": "hotel.book_hotel.v1"},
    "saga": {"saga_id": UUID(int=9)},
}


@pytest.mark.parametrize(
    ("part", "forget"), [("saga", False), ("body", False), ("body", True), ("type", True)], ids=str
)
async def test_a_letter_that_another_process_writes_at_the_same_time_is_not_replaced(
    transactions: PlatformTransactions, connection: asyncpg.Connection, part: str, *, forget: bool
) -> None:
    forged = replace(DEAD, fingerprint=UUID(int=2), envelope=replace(DEAD.envelope, **OTHERS[part]))

    async def bury_too_late() -> None:
        async with transactions() as transaction:
            await dead_letters.bury(transaction, [forged])  # it reads, and writes at the end
            await bury(transactions, DEAD)
            if forget:
                await connection.execute("UPDATE dead_letters SET fingerprint = NULL")

    with pytest.raises(ConcurrencyConflictError):
        await bury_too_late()
    [kept] = await letters(connection)
    assert (kept["body"], kept["deaths"]) == (DEAD.envelope.body, 1)
