"""Rate limits over all replicas together; the database keeps the time of the last use."""

from datetime import timedelta
from typing import Final

from counterstep.messaging.database.sql import Sql

_ACQUIRE: Final = """
INSERT INTO rate_limits AS last (name, taken_at) VALUES ($1, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET taken_at = clock_timestamp()
    WHERE last.taken_at <= clock_timestamp() - $2::interval
RETURNING name
"""


async def acquire(sql: Sql, name: str, *, every: timedelta) -> bool:
    """Whether the action may be done now: its last use is at least `every` ago. If so, record this use.

    The use is forgotten again if the transaction is rolled back.
    """
    return bool(await sql(_ACQUIRE, name, every))
