"""From the outbox to the broker: a message is published from memory after its commit, and deleted once confirmed.

A sweep takes over the rows that a crash or a failed publish left behind, as soon as their lease has expired.
Messages of one saga are published in their order, each after the confirm of the one before. A message that the
broker does not take for now holds back the later ones of its saga, and no other saga. A message that is itself at
fault goes into quarantine, and the later ones of its saga go on without it.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import structlog

from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox import table as outbox
from counterstep.messaging.outbox.isolating import IsolatingPublisher
from counterstep.messaging.outbox.lanes import Lane, Lanes, Packing, Ready
from counterstep.messaging.outbox.publisher import (
    AtFault,
    NotFound,
    Permit,
    at_once,
    publishing,
)
from counterstep.messaging.outbox.table import LEASE_SECONDS, Stored
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.pack import is_packable

SWEEP_SECONDS: Final = 1.0
SWEEP_ROWS: Final = 500
GATHER_SECONDS: Final = 0.25
"""How long confirmed rows are gathered to be deleted at once: nothing waits for it, each delete is a commit.

The rows that were confirmed in this time before a crash are published again, which does no harm.
"""
UNROUTABLE_SECONDS: Final = 1800.0
"""How long a message is offered whose queue or exchange does not exist: somebody may be about to create it."""
MEMORY_ROWS: Final = 20_000
"""With more unpublished rows than this in memory, new ones are left to the sweep; the outbox has them all."""

log = structlog.get_logger()


class Relay:
    """Publishes the outbox of one service. `lease` marks the rows that this relay publishes."""

    def __init__(  # noqa: PLR0913 - keywords, each with one meaning
        self,
        *,
        sender: str,
        amqp_url: str,
        database_url: str,
        permit: Permit = at_once,
        unroutable_seconds: float = UNROUTABLE_SECONDS,
        pack_messages: int = 1,
    ) -> None:
        self.lease: UUID = uuid4()
        self._publisher: IsolatingPublisher | None = None
        self._connected_at = 0.0
        self._sender = sender
        self._amqp_url = amqp_url
        self._database_url = database_url
        self._permit = permit
        self._unroutable_seconds = unroutable_seconds
        self._waiting: asyncio.Queue[Stored] = asyncio.Queue()
        self._chains: dict[UUID, deque[Stored]] = {}
        self._lanes = Lanes(Packing.of(pack_messages))
        self._confirmed: list[int] = []
        self._refused: set[int] = set()
        self._held_sagas: set[UUID] = set()
        self._to_hold: set[int] = set()
        self._unroutable: dict[int, str] = {}
        self._at_fault: dict[int, str] = {}
        self._something_settled = asyncio.Event()
        self._idle = asyncio.Event()

    def hand_over(self, rows: Sequence[Stored]) -> None:
        """Take rows that were just committed under this relay's lease."""
        if self._waiting.qsize() < MEMORY_ROWS:
            for row in rows:
                if not self._held_sagas or row.envelope.saga_id not in self._held_sagas:
                    self._idle.clear()
                    self._waiting.put_nowait(row)

    async def run(self) -> None:
        """Publish over one connection to the broker and one to the database. Raises when either is lost."""
        # If a crash undoes a delete, the row is published again, which does no harm.
        lazily = {"synchronous_commit": "off"}
        store = await asyncpg.connect(self._database_url, server_settings=lazily, command_timeout=LEASE_SECONDS)
        try:
            connected = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                publisher = IsolatingPublisher(partial(publishing, self._amqp_url, self._sender, self._permit))
                tasks.create_task(publisher.run(connected.set))
                await connected.wait()
                self._publisher = publisher
                self._connected_at = asyncio.get_running_loop().time()
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
        """How many messages in the outbox were not published at the last try: unroutable, or nacked."""
        return len(self._refused)

    async def health(self) -> str:
        """`ok`, or what is wrong."""
        publisher = self._publisher.together if self._publisher else None
        if publisher is None:
            return "not connected to the broker and the database"
        if await publisher.is_paused():
            return "paused on purpose: nothing is published"
        if await publisher.is_blocked():
            return "blocked: the broker is low on memory or disk"
        return "ok"

    async def _publish_waiting(self, publisher: IsolatingPublisher, tasks: asyncio.TaskGroup) -> None:
        while True:
            gathered = [await self._waiting.get()]
            while not self._waiting.empty():  # what was committed together travels together
                gathered.append(self._waiting.get_nowait())
            self._send(publisher, tasks, [lane for row in gathered if (lane := self._chain(row))])

    def _chain(self, row: Stored) -> Lane | None:
        """Give the row its place in its saga's chain; gives its lane where it is the first, and so is ready."""
        saga_id = row.envelope.saga_id
        if saga_id in self._chains:
            self._chains[saga_id].append(row)
            return None
        self._chains[saga_id] = deque([row])
        return self._offer(row)

    def _offer(self, row: Stored) -> Lane:
        """The row is ready; gives its lane."""
        envelope = row.envelope
        alone = not self._lanes.packs or not is_packable(envelope)
        ready = Ready(envelope.saga_id, len(envelope.body), alone)
        return self._lanes.add((envelope.exchange, envelope.routing_key), ready)

    def _send(self, publisher: IsolatingPublisher, tasks: asyncio.TaskGroup, lanes: Iterable[Lane]) -> None:
        for lane in lanes:
            while self._lanes.may_send(lane):
                rows = [self._chains[saga_id][0] for saga_id in self._lanes.take(lane)]
                tasks.create_task(self._publish(publisher, tasks, lane, rows))

    async def _publish(
        self, publisher: IsolatingPublisher, tasks: asyncio.TaskGroup, lane: Lane, rows: Sequence[Stored]
    ) -> None:
        """Publish these rows of one lane, and settle each. What they held back is ready then."""
        outcomes = await publisher.publish([row.envelope for row in rows])
        self._lanes.arrived(lane)
        ready = [lane]
        for row, error in zip(rows, outcomes, strict=True):
            if next_ := self._settle(row, error):
                ready.append(self._offer(next_))
        self._something_settled.set()
        self._send(publisher, tasks, ready)

    def _settle(self, row: Stored, error: Exception | None) -> Stored | None:
        """Write down what became of the row; gives the row of its saga that is ready now."""
        if error is None:
            self._refused.discard(row.position)
            self._confirmed.append(row.position)
        else:
            self._refuse(row, error)
        saga_id = row.envelope.saga_id
        if error is not None and row.position not in self._at_fault:
            self._held_sagas.add(saga_id)
            del self._chains[saga_id]
            return None
        chain = self._chains[saga_id]
        chain.popleft()
        if chain:
            return chain[0]
        del self._chains[saga_id]
        return None

    def _refuse(self, row: Stored, error: Exception) -> None:
        _log_refusal(row.envelope, error)
        self._refused.add(row.position)
        if isinstance(error, AtFault):
            self._at_fault[row.position] = f"{error}"
        elif isinstance(error, NotFound):
            self._unroutable[row.position] = f"{error}"
        else:
            self._to_hold.add(row.position)

    async def _maintain(self, store: asyncpg.Connection) -> None:
        clock = asyncio.get_running_loop().time
        next_sweep = clock()
        while True:
            if clock() >= next_sweep:
                swept = await self._sweep(store)
                next_sweep = clock() + (0 if swept == SWEEP_ROWS else SWEEP_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_sweep):
                    await self._something_settled.wait()
            if self._confirmed and clock() < next_sweep:  # while there is a backlog, the next sweep cannot wait
                await asyncio.sleep(GATHER_SECONDS)
            self._something_settled.clear()
            await self._keep_refused(store)
            await self._forget_confirmed(store)

    async def _sweep(self, store: asyncpg.Connection) -> int:
        """Take rows whose lease has run out; give how many."""
        rows, unreadable = await outbox.claim(store, self.lease, limit=SWEEP_ROWS)
        self._at_fault |= unreadable
        # No refused row of their sagas is before them, except those that are being written down.
        self._held_sagas -= {row.envelope.saga_id for row in rows}
        self.hand_over([row for row in rows if not self._is_in_hand(row)])
        if self._refused:  # a row may have been deleted by hand
            self._refused &= await outbox.existing(store, self._refused)
        else:
            self._held_sagas.clear()
        return len(rows) + len(unreadable)

    def _is_in_hand(self, row: Stored) -> bool:
        """Whether the row is about to be published: its turn comes later than its lease has lasted."""
        return any(row.position == each.position for each in self._chains.get(row.envelope.saga_id, ()))

    async def _keep_refused(self, store: asyncpg.Connection) -> None:
        """Write down what the broker would not take: to be tried later, or to be out of the way."""
        if held := self._to_hold.copy():
            await outbox.hold(store, held, self.lease)
            self._to_hold -= held
        if unroutable := self._unroutable.copy():
            for position, seconds in (await outbox.postpone(store, unroutable, self.lease)).items():
                if seconds >= self._unroutable_seconds:
                    self._at_fault[position] = f"for {seconds:.0f} s: {unroutable[position]}"
            self._unroutable = {k: v for k, v in self._unroutable.items() if k not in unroutable}
        if faults := self._at_fault.copy():
            await quarantine.move(store, faults, self.lease)
            self._at_fault = {k: v for k, v in self._at_fault.items() if k not in faults}
            self._refused -= faults.keys()

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
        self._lanes.clear()
        for row in (*chained, *behind):
            self._waiting.put_nowait(row)


def _log_refusal(envelope: Envelope, error: Exception) -> None:
    log.warning(
        "not published",
        type=envelope.type,
        saga_id=str(envelope.saga_id),
        message_id=str(envelope.message_id),
        error=repr(error),
    )
