"""The kinds of failure that are told apart: unreadable for ever, a passing clash, an outage."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

CONFLICTS = frozenset({"40001", "40P01", "23505"})
"""Serialization failure, deadlock, and a unique violation: the row is there when it is looked for again."""

OUTAGES = ("08", "53", "57", "55P03")
"""SQLSTATEs of a database that is away (connection, resources, intervention), and of a lock that is not let go."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)
"""What is raised where the connection itself fails."""


DuplicateKeyError: Final = asyncpg.UniqueViolationError
"""A new row has the key of one that is there."""


class PoolExhaustedError(TimeoutError):
    """So many wait already that whoever comes now would be served too late: come again."""


class UndecodableError(Exception):
    """The message can never be handled as it is; it becomes a dead letter at once."""


class ConcurrencyConflictError(Exception):
    """Another transaction was first; run again, this one will see what that one did."""


def is_conflict(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when it is run again at once."""
    return isinstance(error, ConcurrencyConflictError) or _sqlstate(error) in CONFLICTS


def is_outage(error: BaseException) -> bool:
    """Whether the database is away: nothing is wrong with the message, so it must wait."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, AWAY):
        return True
    return (_sqlstate(error) or "").startswith(OUTAGES)


def _sqlstate(error: BaseException) -> str | None:
    while not hasattr(error, "sqlstate"):
        cause = getattr(error, "orig", None) or error.__cause__
        if cause is None:
            return None
        error = cause
    state: str | None = error.sqlstate
    return state
