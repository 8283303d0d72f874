"""From the outbox to the broker: a message is published from memory after its commit, and deleted once confirmed.

A sweep takes over the rows that a crash or a failed publish left behind, as soon as their lease has expired.
Messages of one saga are published in their order, each after the confirm of the one before. A failure stops the
chain of that saga and no other. Later messages may overtake one that the broker refused; the barrier and the
attempt numbers make that harmless.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import structlog

from counterstep.messaging.outbox import table as outbox
from counterstep.messaging.outbox.publisher import NotPublished, Permit, Publisher, at_once, publishing
from counterstep.messaging.outbox.table import LEASE_SECONDS, Stored
from counterstep.messaging.wire.envelope import Envelope

SWEEP_SECONDS: Final = 1.0
SWEEP_ROWS: Final = 500
GATHER_SECONDS: Final = 0.02
"""How long confirmed rows are gathered to be deleted at once: nothing waits for it, each delete is a commit."""
MEMORY_ROWS: Final = 20_000
"""With more unpublished rows than this in memory, new ones are left to the sweep; the outbox has them all."""

log = structlog.get_logger()


class Relay:
    """Publishes the outbox of one service. `lease` marks the rows that this relay publishes."""

    def __init__(self, *, sender: str, amqp_url: str, database_url: str, permit: Permit = at_once) -> None:
        self.lease: UUID = uuid4()
        self._publisher: Publisher | None = None
        self._connected_at = 0.0
        self._sender = sender
        self._amqp_url = amqp_url
        self._database_url = database_url
        self._permit = permit
        self._waiting: asyncio.Queue[Stored] = asyncio.Queue()
        self._chains: dict[UUID, deque[Stored]] = {}
        self._confirmed: list[int] = []
        self._refused: set[int] = set()
        self._something_confirmed = asyncio.Event()
        self._idle = asyncio.Event()

    def hand_over(self, rows: Sequence[Stored]) -> None:
        """Take rows that were just committed under this relay's lease."""
        if self._waiting.qsize() < MEMORY_ROWS:
            for row in rows:
                self._idle.clear()
                self._waiting.put_nowait(row)

    async def run(self) -> None:
        """Publish over one connection to the broker and one to the database. Raises when either is lost."""
        # If a crash undoes a delete, the row is published again, which does no harm.
        lazily = {"synchronous_commit": "off"}
        store = await asyncpg.connect(self._database_url, server_settings=lazily, command_timeout=LEASE_SECONDS)
        try:
            async with (
                publishing(self._amqp_url, self._sender, self._permit) as publisher,
                asyncio.TaskGroup() as tasks,
            ):
                self._publisher = publisher
                self._connected_at = asyncio.get_running_loop().time()
                tasks.create_task(publisher.lost())
                tasks.create_task(self._maintain(store))
                tasks.create_task(self._publish_waiting(publisher, tasks))
        finally:
            self._publisher = None
            self._take_back_chains()
            store.terminate()

    async def drained(self) -> None:
        """Wait until every row that was handed over is confirmed and deleted, or left to the sweep."""
        if self._publisher:
            await self._idle.wait()

    @property
    def connected_seconds(self) -> float:
        """For how many seconds the connection to the broker has lasted; 0 while there is none."""
        return asyncio.get_running_loop().time() - self._connected_at if self._publisher else 0.0

    @property
    def refused(self) -> int:
        """How many messages were not published at the last try: unroutable, forbidden, nacked or unsendable."""
        return len(self._refused)

    async def health(self) -> str:
        """`ok`, or what is wrong."""
        if self._publisher is None:
            return "not connected to the broker and the database"
        if await self._publisher.is_paused():
            return "paused on purpose: nothing is published"
        if await self._publisher.is_blocked():
            return "blocked: the broker is low on memory or disk"
        return "ok"

    async def _publish_waiting(self, publisher: Publisher, tasks: asyncio.TaskGroup) -> None:
        while True:
            row = await self._waiting.get()
            saga_id = row.envelope.saga_id
            if saga_id in self._chains:
                self._chains[saga_id].append(row)
            else:
                self._chains[saga_id] = deque([row])
                tasks.create_task(self._publish_chain(publisher, saga_id))

    async def _publish_chain(self, publisher: Publisher, saga_id: UUID) -> None:
        chain = self._chains[saga_id]
        while chain:
            try:
                await publisher.publish(chain[0].envelope)
            except NotPublished as error:
                _log_refusal(chain[0].envelope, error)
                self._refused.add(chain[0].position)
                break
            self._refused.discard(chain[0].position)
            self._confirmed.append(chain.popleft().position)
            self._something_confirmed.set()
        del self._chains[saga_id]

    async def _maintain(self, store: asyncpg.Connection) -> None:
        clock = asyncio.get_running_loop().time
        next_sweep = clock()
        while True:
            if clock() >= next_sweep:
                rows = await outbox.claim(store, self.lease, limit=SWEEP_ROWS)
                self.hand_over(rows)
                if self._refused:  # a row may have been deleted by hand
                    self._refused &= await outbox.existing(store, self._refused)
                next_sweep = clock() + (0 if len(rows) == SWEEP_ROWS else SWEEP_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_sweep):
                    await self._something_confirmed.wait()
            if self._confirmed:
                await asyncio.sleep(GATHER_SECONDS)
            self._something_confirmed.clear()
            await self._forget_confirmed(store)

    async def _forget_confirmed(self, store: asyncpg.Connection) -> None:
        if confirmed := self._confirmed.copy():
            await outbox.delete(store, confirmed, self.lease)
            del self._confirmed[: len(confirmed)]
        if not (self._confirmed or self._chains or self._waiting.qsize()):
            self._idle.set()

    def _take_back_chains(self) -> None:
        chained = [row for chain in self._chains.values() for row in chain]
        behind = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        self._chains.clear()
        for row in (*chained, *behind):
            self._waiting.put_nowait(row)


def _log_refusal(envelope: Envelope, error: Exception) -> None:
    log.warning(
        "not published, kept in the outbox",
        type=envelope.type,
        saga_id=str(envelope.saga_id),
        message_id=str(envelope.message_id),
        error=repr(error),
    )
