"""The requests of one process that wait for a row to come to its end.

A notice of the database wakes them: the rows that have ended since the last statement are read in one, and each
request is given its row. Once a second a look at the rows that are waited for finds those whose notice was lost. A
waiting request holds no connection to the database, so thousands may wait.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, TypeAlias

from prometheus_client import Gauge
from sqlmodel import SQLModel

from counterstep.http.waiting.ending import Ending
from counterstep.messaging.consumer.keep_alive import keep_alive
from counterstep.messaging.database.notices import listen
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions

WAITING: Final = Gauge("http_requests_waiting", "Requests that wait for a row to end (`Prefer: wait`).")

LOOK_SECONDS: Final = 1.0
SHARE_THAT_MAY_WAIT: Final = 0.75
"""Of the connections that a process may have open. The others are left to requests that do not wait."""

Place: TypeAlias = tuple[str, str]
"""A table's name, and the primary key of one of its rows as text."""


class Waiter:
    """One request that waits. `ended` is its row, or `None` where the process stops before the row ends."""

    __slots__ = ("ended", "ending", "key", "since")

    def __init__(self, ending: Ending[Any], key: Any) -> None:
        loop = asyncio.get_running_loop()
        self.ending = ending
        self.key = key
        self.since = loop.time()
        self.ended: asyncio.Future[SQLModel | None] = loop.create_future()

    @property
    def place(self) -> Place:
        """The row that it waits for."""
        return self.ending.table, str(self.key)

    @property
    def row(self) -> SQLModel | None:
        """The row that it was given, if any."""
        return self.ended.result() if self.ended.done() else None

    def answer(self, row: SQLModel | None) -> None:
        """End the wait. Only the first answer counts."""
        if not self.ended.done():
            self.ended.set_result(row)


class Waiters:
    """The waiting requests of this process: at most `most`, so that others always find a connection free."""

    def __init__(self, database_url: str, transactions: PlatformTransactions, most: int) -> None:
        self._database_url = database_url
        self._transactions = transactions
        self._most = most
        self._by_place: dict[Place, set[Waiter]] = {}
        self._noticed: set[Place] = set()
        self._needed = asyncio.Event()
        self._wake = asyncio.Event()
        self._stopping = False
        self.count = 0

    @contextmanager
    def waiting(self, ending: Ending[Any], key: Any) -> Iterator[Waiter | None]:
        """A waiter for one row, for as long as the block lasts; `None` where no more may wait."""
        if self._stopping or self.count >= self._most:
            yield None
            return
        waiter = Waiter(ending, key)
        self._by_place.setdefault(waiter.place, set()).add(waiter)
        self.count += 1
        WAITING.inc()
        self._needed.set()
        try:
            yield waiter
        finally:
            self._leave(waiter)

    def stop(self) -> None:
        """Answer every waiter `None`, because the process ends. From now on none may wait."""
        self._stopping = True
        for waiters in self._by_place.values():
            for each in waiters:
                each.answer(None)

    async def listen(self) -> None:
        """Take the database's notices, until cancelled. Raises when the connection is lost.

        It connects when the first request waits. A process that nobody waits for never listens. What ended before
        it listened had no notice, so each connection begins with a look.
        """
        await self._needed.wait()
        await listen(self._database_url, on_begin=lambda: self._notice(*self._by_place), on_notice=self._notice)

    async def read(self) -> None:
        """Give each waiter its row when it has ended, until cancelled. Raises in an outage of the database."""
        clock = asyncio.get_running_loop().time
        look_at = clock() + LOOK_SECONDS
        while True:
            await self._needed.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(look_at):
                    await self._wake.wait()
            self._wake.clear()
            if clock() >= look_at:
                self._look(waiting_since=clock() - LOOK_SECONDS)
                look_at = clock() + LOOK_SECONDS
            await self._answer_noticed()

    def _notice(self, *places: Place) -> None:
        waited_for = [place for place in places if place in self._by_place]
        if waited_for:
            self._noticed.update(waited_for)
            self._wake.set()

    def _look(self, *, waiting_since: float) -> None:
        if not self._by_place:
            self._needed.clear()
        for place, waiters in self._by_place.items():
            if any(each.since <= waiting_since for each in waiters):
                self._noticed.add(place)

    async def _answer_noticed(self) -> None:
        """Read what was noticed. Where that fails, the next look notices it again."""
        noticed, self._noticed = self._noticed, set()
        wanted: dict[Ending[Any], list[Any]] = {}
        for place in noticed & self._by_place.keys():
            waiter = next(iter(self._by_place[place]))
            wanted.setdefault(waiter.ending, []).append(waiter.key)
        for ending, keys in wanted.items():
            async with self._transactions() as tx:
                rows = (await tx.session.exec(ending.among(keys))).all()
            for row in rows:
                for each in self._by_place.get((ending.table, str(ending.key_of(row))), ()):
                    each.answer(row)

    def _leave(self, waiter: Waiter) -> None:
        self.count -= 1
        WAITING.dec()
        others = self._by_place[waiter.place]
        others.discard(waiter)
        if not others:
            del self._by_place[waiter.place]


@asynccontextmanager
async def waiters(database_url: str, transactions: PlatformTransactions, most: int) -> AsyncIterator[Waiters]:
    """The waiters of one process, with their two tasks, for as long as the block lasts."""
    all_of_them = Waiters(database_url, transactions, most)
    tasks = [
        asyncio.create_task(keep_alive("notices for waiting requests", all_of_them.listen)),
        asyncio.create_task(keep_alive("reads for waiting requests", all_of_them.read)),
    ]
    try:
        yield all_of_them
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
