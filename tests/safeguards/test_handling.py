"""From a delivery to its acknowledgement: it is on disk first, it counts once, and it harms only itself."""

from uuid import uuid4

import asyncpg
import pytest
from counterstep.messaging.consumer import retries
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.forgeries import FORGED
from counterstep.messaging.consumer.suspects import MOST_DEATHS, Suspects
from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions

from safeguards.hotel import QUEUE, SENT, TOO_MUCH, Hotel, command, several

LETTERS = "SELECT reason FROM dead_letters"


@pytest.fixture
def hotel(transactions: PlatformTransactions, connection: asyncpg.Connection) -> Hotel:
    return Hotel(transactions, connection)


async def test_nothing_is_acknowledged_before_it_is_on_disk(hotel: Hotel) -> None:
    await hotel.handle(hotel.delivery(), hotel.delivery())
    assert (hotel.channel.acknowledged, hotel.channel.on_disk) == ([1, 2], [2])


async def test_a_command_that_comes_twice_is_done_once_and_answered_twice(
    hotel: Hotel, connection: asyncpg.Connection
) -> None:
    same = command()
    await hotel.handle(hotel.delivery(same), hotel.delivery(same))
    await hotel.handle(hotel.delivery(same))
    assert hotel.handled == ["rome"]
    assert await connection.fetchval(SENT) == 3
    assert hotel.channel.acknowledged == [1, 2, 3]


async def test_a_message_at_fault_waits_and_the_others_of_its_batch_are_done(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection
) -> None:
    await hotel.handle(*several(hotel, [None, None, TOO_MUCH, None, None]))
    assert await connection.fetchval(SENT) == 4
    assert await retries.waiting(sql) == {QUEUE: 1}
    assert sorted(hotel.channel.acknowledged) == [1, 2, 3, 4, 5]


async def test_what_the_database_refuses_to_keep_is_not_acknowledged_and_comes_again(
    hotel: Hotel, connection: asyncpg.Connection
) -> None:
    await connection.execute("ALTER TABLE retries RENAME TO away")
    try:
        await hotel.handle(*several(hotel, [TOO_MUCH, None]))
    finally:
        await connection.execute("ALTER TABLE away RENAME TO retries")
    assert hotel.channel.acknowledged == [2]
    assert [each.envelope.body for each in hotel.offered_again] == [TOO_MUCH]


async def test_what_is_not_its_sender_s_to_say_is_a_letter_and_is_never_handled(
    hotel: Hotel, connection: asyncpg.Connection
) -> None:
    counted = FORGED.labels(QUEUE, "flight")._value.get()  # noqa: SLF001 - it has no other reader
    await hotel.handle(hotel.delivery(command(sender="flight")), hotel.delivery())
    assert await connection.fetchval(LETTERS) == (
        "forged: flight sent hotel.cancel_hotel.v1, which only orchestrator may send"
    )
    assert (hotel.handled, sorted(hotel.channel.acknowledged)) == (["rome"], [1, 2])
    assert FORGED.labels(QUEUE, "flight")._value.get() == counted + 1  # noqa: SLF001 - as above


async def test_what_its_channel_has_lost_is_neither_handled_nor_acknowledged(hotel: Hotel) -> None:
    hotel.channel.is_closed = True
    await hotel.handle(hotel.delivery(), hotel.delivery(command(sender="flight")))
    assert (hotel.handled, hotel.channel.acknowledged) == ([], [])


async def test_what_a_process_may_have_died_of_is_handled_alone_and_marked_until_it_is_done(
    hotel: Hotel, connection: asyncpg.Connection
) -> None:
    suspect = hotel.delivery(is_repeated=True)
    await hotel.handle(suspect, hotel.delivery())
    assert hotel.channel.on_disk == [1, 2]
    assert await connection.fetchval("SELECT count(*) FROM suspects") == 0


async def test_a_suspect_that_fails_waits_and_is_marked_no_longer(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection
) -> None:
    await hotel.handle(hotel.delivery(command(TOO_MUCH), is_repeated=True))
    assert await retries.waiting(sql) == {QUEUE: 1}
    assert await connection.fetchval("SELECT count(*) FROM suspects") == 0


async def test_a_suspect_in_another_process_s_hand_is_left_there(
    hotel: Hotel, transactions: PlatformTransactions
) -> None:
    suspect = hotel.delivery(is_repeated=True)
    async with transactions() as transaction:
        await Suspects(uuid4(), transactions).mark(transaction, suspect.fingerprint)
    await hotel.handle(suspect)
    assert (hotel.handled, hotel.channel.acknowledged) == ([], [])
    assert hotel.offered_again == [suspect]


@pytest.mark.parametrize("deaths", [MOST_DEATHS - 1, MOST_DEATHS])
async def test_what_enough_processes_have_died_of_is_a_letter(
    hotel: Hotel, connection: asyncpg.Connection, deaths: int
) -> None:
    suspect = hotel.delivery(is_repeated=True)
    marked = "INSERT INTO suspects (fingerprint, holder, deaths, seen_at) VALUES ($1, $2, $3, now())"
    await connection.execute(marked, suspect.fingerprint, hotel.process, deaths)
    await hotel.handle(suspect)
    assert hotel.handled == ([] if deaths == MOST_DEATHS else ["rome"])
    assert await connection.fetchval("SELECT count(*) FROM dead_letters") == (deaths == MOST_DEATHS)
    assert hotel.channel.acknowledged == [1]
    assert await connection.fetchval("SELECT count(*) FROM suspects") == 0


async def waits(hotel: Hotel, sql: Sql, failures: int) -> Failed:
    """A message that this process has taken from the table of retries."""
    envelope = command()
    failed = Failed(queue=QUEUE, envelope=envelope, fingerprint=uuid4(), failures=failures, reason="boom")
    await execute_together(sql, [retries.postponing([failed])])
    await execute_together(sql, [retries.taking(QUEUE, hotel.process, limit=1, then=lambda _: None)])
    return failed


async def test_a_retry_is_done_with_its_row(hotel: Hotel, sql: Sql, connection: asyncpg.Connection) -> None:
    failed = await waits(hotel, sql, failures=1)
    await hotel.handle(hotel.retry(failed.fingerprint, failures=1))
    assert await retries.waiting(sql) == {}
    assert await connection.fetchval(SENT) == 1


@pytest.mark.parametrize("failures", [1, 4], ids=["to be tried again", "to be a letter"])
async def test_a_retry_that_another_process_has_taken_over_changes_nothing_here(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection, failures: int
) -> None:
    failed = await waits(hotel, sql, failures)
    await connection.execute("UPDATE retries SET lease = $1", uuid4())
    before = await connection.fetch("SELECT * FROM retries")
    await hotel.handle(hotel.retry(failed.fingerprint, failures=failures))
    assert await connection.fetchval(SENT) == 0
    assert await connection.fetch("SELECT * FROM retries") == before
    assert await connection.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_a_retry_that_fails_again_waits_again_with_one_failure_more_and_in_nobody_s_hand(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection
) -> None:
    failed = await waits(hotel, sql, failures=1)
    again = hotel.retry(failed.fingerprint, failures=1)
    again.envelope = command(TOO_MUCH)
    await hotel.handle(again)
    [row] = await connection.fetch("SELECT failures, lease FROM retries")
    assert tuple(row) == (2, None)


async def test_the_last_failure_makes_a_letter_of_a_retry_and_takes_its_row_away(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection
) -> None:
    failed = await waits(hotel, sql, failures=3)
    last = hotel.retry(failed.fingerprint, failures=3)
    last.envelope = command(TOO_MUCH)
    await hotel.handle(last)
    assert await retries.waiting(sql) == {}
    assert "too much" in await connection.fetchval(LETTERS)


async def test_a_retry_whose_row_is_settled_already_is_not_handled(
    hotel: Hotel, sql: Sql, connection: asyncpg.Connection
) -> None:
    failed = await waits(hotel, sql, failures=1)
    settled = hotel.retry(failed.fingerprint, failures=1)
    await hotel.handle(settled)
    await hotel.handle(settled)
    assert hotel.handled == ["rome"]
    assert await connection.fetchval(SENT) == 1
    assert await retries.waiting(sql) == {}
