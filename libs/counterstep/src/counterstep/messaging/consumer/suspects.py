"""A message that kills its process is found by a mark in the database.

A message that is delivered again may be why the process died that had it before. So it is handled alone, and
marked for that time. The transaction that handles it deletes the mark. A mark that is left behind belongs to a
process that died with this message in hand, and with no other. At the second such death the message is a dead
letter.

A process renews its marks while it lives, and that is also true while it waits for the database or for a lock. So
a death is not guessed from a channel that was closed: the mark must stay as it is for several looks in a row, with
the database in reach all the time.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import structlog

from counterstep.messaging.database.sql import Sql, Statement
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions
from counterstep.messaging.wire.errors import PoisonError

MOST_DEATHS: Final = 2
"""This many processes must die of a message, each with no other in hand."""

RENEW_SECONDS: Final = 1.0
LOOKS: Final = 5
"""A mark that was not renewed between the first and the last of these looks, a second apart, is a dead one's."""

KEPT_DAYS: Final = 7
"""How long a mark is kept that nobody renews. A longer outage of the database forgets the deaths before it."""

log = structlog.get_logger()

# One statement decides who has the message: the process that inserts the mark, the one that has it already, or one
# that has seen the mark of a dead process, which it replaces.
_MARK = """
INSERT INTO suspects AS mark (fingerprint, holder, deaths, seen_at) VALUES ($1, $2, 0, now())
ON CONFLICT (fingerprint) DO UPDATE
SET deaths = mark.deaths + (mark.holder <> excluded.holder)::int, holder = excluded.holder, seen_at = now()
WHERE mark.holder = excluded.holder OR (mark.holder, mark.seen_at) = ($3, $4)
RETURNING deaths
"""

_LOOK = "SELECT holder, seen_at FROM suspects WHERE fingerprint = $1"
_RENEW = "UPDATE suspects SET seen_at = now() WHERE fingerprint = $1 AND holder = $2"
_CLEAR = "DELETE FROM suspects WHERE fingerprint = ANY($1::uuid[]) RETURNING 1"
_PRUNE = "DELETE FROM suspects WHERE seen_at < now() - make_interval(days => $1)"


class Mark(NamedTuple):
    """Which process has a message in hand, and when it last said so."""

    holder: UUID
    seen_at: datetime


class KillerError(PoisonError):
    """Each process that handled this message alone died of it."""

    def __init__(self, deaths: int) -> None:
        super().__init__(f"{deaths} processes died, each while it handled this message and no other")


def clearing(fingerprints: Collection[UUID]) -> Statement:
    """These messages were handled, or are kept elsewhere: nobody died of them."""
    return Statement(_CLEAR, (list(fingerprints),))


class Suspects:
    """The marks of one process, which `holder` names."""

    def __init__(self, holder: UUID, transactions: PlatformTransactions) -> None:
        self._holder = holder
        self._transactions = transactions
        self._dead: dict[UUID, Mark] = {}

    async def mark(self, transaction: PlatformTransaction, fingerprint: UUID) -> int | None:
        """Mark the message as in this process's hand; gives how many processes have died with it before.

        `None`, where another process has it in hand, as far as is known: `watch` finds out.
        """
        dead = self._dead.pop(fingerprint, (None, None))
        rows = await transaction.sql(_MARK, fingerprint, self._holder, *dead)
        return rows[0][0] if rows else None

    @asynccontextmanager
    async def renewed(self, fingerprint: UUID) -> AsyncIterator[None]:
        """Inside the block the mark is renewed."""
        renewing = asyncio.create_task(self._renew(fingerprint))
        try:
            yield
        finally:
            renewing.cancel()

    async def watch(self, fingerprint: UUID) -> None:
        """Wait until the process that has the message in hand is done with it, or is found to be dead."""
        mark, unchanged = None, 0
        while unchanged < LOOKS:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                seen = await self._look(fingerprint)
            except Exception as error:  # noqa: BLE001 - that process may have been unable to renew it, too
                log.warning("a suspect's mark cannot be read", error=repr(error))
                unchanged = 0
                continue
            if seen is None:
                return
            unchanged = unchanged + 1 if seen == mark else 0
            mark = seen
        if mark is not None:
            self._dead[fingerprint] = mark

    async def _renew(self, fingerprint: UUID) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                async with self._transactions() as transaction:
                    await transaction.sql(_RENEW, fingerprint, self._holder)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next time may succeed
                log.warning("a suspect's mark cannot be renewed", error=repr(error))

    async def _look(self, fingerprint: UUID) -> Mark | None:
        async with self._transactions() as transaction:
            rows: Sequence[Any] = await transaction.query(_LOOK, fingerprint)
        return Mark(*rows[0]) if rows else None


async def prune(sql: Sql) -> None:
    """Delete the marks of messages that never came again, such as those of a queue that was purged."""
    await sql(_PRUNE, KEPT_DAYS)
