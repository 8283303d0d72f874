"""Rate limits over all replicas together; the database keeps the time of the last use."""

from datetime import timedelta
from typing import Final

from counterstep.messaging.database.sql import Sql

_TAKE_TURN: Final = """
INSERT INTO rate_limits AS last (name, taken_at) VALUES ($1, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET taken_at = clock_timestamp()
    WHERE last.taken_at <= clock_timestamp() - $2::interval
RETURNING name
"""


async def take_turn(sql: Sql, name: str, *, every: timedelta) -> bool:
    """Take the turn, and say whether it was free: whether the last turn was taken at least `every` ago.

    The turn is free again if the transaction is rolled back.
    """
    return bool(await sql(_TAKE_TURN, name, every))
