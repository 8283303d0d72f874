"""What may be done only so often, over all replicas together: the database keeps the time."""

from datetime import timedelta
from typing import Final

from counterstep.messaging.database.sql import Sql

_TAKE_TURN: Final = """
INSERT INTO rate_limits AS last (name, taken_at) VALUES ($1, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET taken_at = clock_timestamp()
    WHERE last.taken_at <= clock_timestamp() - $2::interval
RETURNING name
"""


async def may_go_on(sql: Sql, name: str, *, every: timedelta) -> bool:
    """Whether this was done last at least so long ago; if so, it is done now, unless the transaction is undone."""
    return bool(await sql(_TAKE_TURN, name, every))
