"""The kinds of failure that are distinguished."""

import asyncpg
import pytest
from counterstep.messaging.consumer.keep_alive import LONGEST_PAUSE_SECONDS, pause_seconds
from counterstep.messaging.database.errors import is_conflict, is_outage
from sqlalchemy.exc import DBAPIError


def wrapped(error: BaseException) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    "error",
    [asyncpg.SerializationError("x"), asyncpg.DeadlockDetectedError("x"), asyncpg.UniqueViolationError("x")],
)
def test_a_concurrency_conflict_is_worth_another_try_and_is_no_outage(error: Exception) -> None:
    assert is_conflict(wrapped(error))
    assert not is_outage(wrapped(error))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.AdminShutdownError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.TooManyConnectionsError("x"),
        asyncpg.LockNotAvailableError("x"),
        wrapped(asyncpg.ConnectionDoesNotExistError("x")),
    ],
)
def test_a_database_that_is_away_is_no_fault_of_the_message(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize("error", [ValueError("x"), wrapped(asyncpg.CheckViolationError("x"))])
def test_a_bug_is_neither_a_conflict_nor_an_outage(error: Exception) -> None:
    assert not is_conflict(error)
    assert not is_outage(error)


def test_pauses_grow_and_are_bounded() -> None:
    assert pause_seconds(0) <= 0.1
    assert LONGEST_PAUSE_SECONDS / 2 <= pause_seconds(1_000) <= LONGEST_PAUSE_SECONDS
