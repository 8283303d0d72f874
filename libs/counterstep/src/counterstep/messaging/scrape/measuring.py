"""The queries of a metrics scrape. Scrapes at about the same time share one, and none waits longer than it may."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import structlog
from prometheus_client import Metric

from counterstep.messaging.database.database import Database
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.scrape import gauges

ANSWER_SECONDS: Final = 2.0
"""How long a scrape waits for the database."""
FRESH_SECONDS: Final = 1.0
"""For how long a result also serves later scrapes."""

Measure: TypeAlias = Callable[[Sql], Awaitable[Sequence[Metric]]]

_BRIEFLY: Final = f"SET LOCAL statement_timeout = {round(ANSWER_SECONDS * 1000)}"

log = structlog.get_logger()


class Measuring:
    """Takes these measures in one transaction, one after the other, and keeps the result for `FRESH_SECONDS`."""

    def __init__(self, database: Database, measures: Sequence[Measure]) -> None:
        self._database = database
        self._measures = measures
        self._query: asyncio.Task[Sequence[Metric]] | None = None
        self._stale_at = 0.0

    async def __call__(self) -> Sequence[Metric]:
        """The gauges, and that the database is up; if it gives no answer in time, only that it is not."""
        query = self._query
        if query is None or (query.done() and asyncio.get_running_loop().time() >= self._stale_at):
            self._query = query = asyncio.create_task(self._measure())
        # A query that hangs is left to its own timeout: cancelling it would wait for the database as well.
        await asyncio.wait({query}, timeout=ANSWER_SECONDS)
        return query.result() if query.done() else (gauges.of_database(up=False),)

    async def stop(self) -> None:
        """Cancel the query that is still running."""
        if self._query:
            self._query.cancel()
            await asyncio.gather(self._query, return_exceptions=True)

    async def _measure(self) -> Sequence[Metric]:
        try:
            async with self._database.transaction() as lease:
                sql = (await lease.begin()).sql
                await sql(_BRIEFLY)
                measured = [metric for measure in self._measures for metric in await measure(sql)]
        except Exception as error:  # noqa: BLE001 - whatever fails here, the scrape still answers with all other metrics
            log.warning("the database is not measured", error=repr(error))
            return (gauges.of_database(up=False),)
        finally:
            self._stale_at = asyncio.get_running_loop().time() + FRESH_SECONDS
        return (*measured, gauges.of_database(up=True))
