"""From many requests to few transactions: whatever waits at one moment is written at once."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from infra.trace_sink.span import Span
from infra.trace_sink.store import Store

LOG = logging.getLogger(__name__)
MOST_WAITING = 50_000  # spans
MOST_WAITING_BYTES = 32 * 1024 * 1024


class Overloaded(Exception):  # noqa: N818 - it is an answer, and "Error" would add nothing
    """The store does not keep up, or fails; the sender is to come back later."""


@dataclass(frozen=True)
class _Delivery:
    spans: Sequence[Span]
    size: int
    written: asyncio.Future[None]


class Intake:
    """Writes to the store from a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Delivery] = []
        self._arrived = asyncio.Event()

    async def keep(self, spans: Sequence[Span], size: int) -> None:
        """Wait until they are in the file; `size` is that of their request, in bytes.

        Raises Overloaded where too many wait, or the file fails.
        """
        waiting = len(spans) + sum(len(each.spans) for each in self._waiting)
        waiting_bytes = size + sum(each.size for each in self._waiting)
        if waiting > MOST_WAITING or waiting_bytes > MOST_WAITING_BYTES:
            raise Overloaded("too many spans wait to be written")
        delivery = _Delivery(spans, size, asyncio.get_running_loop().create_future())
        self._waiting.append(delivery)
        self._arrived.set()
        await delivery.written

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write what arrives, inside the block."""
        with ThreadPoolExecutor(1, "traces") as thread:
            writing = asyncio.create_task(self._write(thread))
            try:
                yield
            finally:
                writing.cancel()

    async def _write(self, thread: ThreadPoolExecutor) -> None:
        while await self._arrived.wait():
            self._arrived.clear()
            batch, self._waiting = self._waiting, []
            spans = [span for delivery in batch for span in delivery.spans]
            failure: Exception | None = None
            try:
                await asyncio.get_running_loop().run_in_executor(thread, self._store.add, spans)
            except sqlite3.Error as error:
                failure = Overloaded(f"the traces' file fails: {error}")
                LOG.warning("%s; %d spans were sent away", failure, len(spans))
            except Exception as error:  # noqa: BLE001 - a bug is its senders' answer; the next batch is written
                failure = error
            for delivery in batch:
                _settle(delivery.written, failure)


def _settle(written: asyncio.Future[None], failure: Exception | None) -> None:
    if written.done():  # its sender has gone
        return
    if failure:
        written.set_exception(failure)
    else:
        written.set_result(None)
