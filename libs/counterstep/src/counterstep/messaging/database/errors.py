"""Failures of a transaction, by what to do about them: run it again at once, wait for the database, or give up."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

CONFLICTS: Final = frozenset({"40001", "40P01", "23505"})
"""SQLSTATEs of a concurrency conflict: serialization failure, deadlock, and unique violation.

A unique violation counts because another transaction has inserted the row. The next try finds that row.
"""

OUTAGES: Final = ("08", "53", "57", "55P03")
"""SQLSTATEs of an outage, by prefix: connection, resources, intervention by an operator; and a lock timeout."""

_LOST_CONNECTION: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)
"""Raised by the driver where the connection itself fails."""


class PoolExhaustedError(TimeoutError):
    """Too many transactions wait for a connection already. Try again later."""


class ConcurrencyConflictError(Exception):
    """Another transaction has written the same rows first. Run this one again: it will see what was written."""


class NotCommittedError(Exception):
    """PostgreSQL answered `COMMIT` with a rollback, because the code continued after a statement had failed."""


def is_conflict(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when it is run again at once."""
    return isinstance(error, ConcurrencyConflictError) or _sqlstate(error) in CONFLICTS


def is_outage(error: BaseException) -> bool:
    """Whether the database is away. Nothing is wrong with the message, so the message waits."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, _LOST_CONNECTION):
        return True
    return (_sqlstate(error) or "").startswith(OUTAGES)


def _sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of an error of the driver, also where SQLAlchemy has wrapped it."""
    while not hasattr(error, "sqlstate"):
        cause = getattr(error, "orig", None) or error.__cause__
        if cause is None:
            return None
        error = cause
    state: str | None = error.sqlstate
    return state
