"""Notices of PostgreSQL: a transaction that brings a row to its end tells every process that listens.

The trigger of `create_notices` sends a notice, so it leaves with the commit, whichever code changed the row. It
can be lost with the connection that listens. So a notice only says "look now"; nobody may rely on it alone.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeAlias

import asyncpg

CHANNEL: Final = "counterstep_notices"
PROBE_SECONDS: Final = 15.0
"""How often the connection is probed, so that one that is half open is noticed."""

OnNotice: TypeAlias = Callable[[tuple[str, str]], None]
"""Called with the table's name and the row's key as text."""


async def listen(database_url: str, *, on_begin: Callable[[], None], on_notice: OnNotice) -> NoReturn:
    """Call `on_notice` for each notice, until cancelled, and `on_begin` once from when on none is missed.

    Raises the driver's error, or `OSError`, when the connection cannot be opened or is lost.
    """
    lost = asyncio.Event()

    def receive(_connection: Any, _process: int, _channel: str, payload: object) -> None:
        table, _, key = str(payload).partition(" ")
        on_notice((table, key))

    named = {"application_name": CHANNEL}  # an idle connection of whose purpose pg_stat_activity would say nothing
    connection = await asyncpg.connect(database_url, server_settings=named, command_timeout=PROBE_SECONDS)
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, receive)
        on_begin()
        while not await _within(PROBE_SECONDS, lost):
            await connection.execute("SELECT")
        raise ConnectionError("the connection that listens for notices was lost")
    finally:
        connection.terminate()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
