"""What the orchestrator does with what it hears: start events, replies, and silence."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from counterstep.messaging.consumer.admission import ConcurrencyLimit
from counterstep.messaging.consumer.batches import Task
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.errors import UndecodableError
from counterstep.messaging.outbox.transaction import Transaction, Transactions
from counterstep.messaging.wire.envelope import Envelope
from counterstep.orchestration import deadlines, metrics
from counterstep.orchestration.instances import Definitions
from counterstep.orchestration.persisting import persist
from counterstep.orchestration.retention import forgetting
from counterstep.orchestration.spans import place_of_saga
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.exchanges import EVENTS
from counterstep.protocol.messages import CancellationEvent, Event, Message, Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Cancelled, Input, Refused, Succeeded, TimedOut
from counterstep.topology.topology import Topology

TICK_SECONDS: Final = 0.5
MOST_DUE: Final = 200

MOST_UNDER_WAY: Final = 200
"""Asks that await an answer soon, beyond which nothing is begun: so many are answered within any patience."""

GRACE_SECONDS: Final = 10.0
"""How long answers that could not be heard, or given, for a while have to be heard before their deadlines are."""


class Orchestrator:
    """Drives every run of the given sagas. As a consumer it advances a whole batch in one transaction."""

    def __init__(self, sagas: Registry, topology: Topology, *, keep_days: int | None = None) -> None:
        self.name = topology.orchestrator
        self.topology = topology
        self.queues = topology.service(self.name).queues
        self.admission = ConcurrencyLimit(f"{self.name}.{EVENTS}", self.room)
        self.tasks: tuple[Task, ...] = (self.keep_time, *([forgetting(keep_days)] if keep_days else []))
        self.measures = (partial(metrics.of_unended, sagas),)
        self.definitions = Definitions(sagas, topology.contracts, self.name)
        self._sagas = sagas
        metrics.from_zero(sagas)

    async def work(self, transaction: Transaction, batch: Sequence[Received]) -> None:
        """Begin or advance the runs that these messages are about."""
        messages = [(received, received.envelope.open(self.topology.contracts)) for received in batch]
        saga_ids = {received.envelope.saga_id for received in batch}
        ledger = await UnitOfWork.seen(transaction.look, self.definitions, saga_ids)
        for received, message in messages:
            with received.current():
                for command in self._commands(ledger, received, message):
                    transaction.send(command)
        await persist(ledger, transaction, [received.envelope for received in batch])

    async def room(self, transactions: Transactions) -> int:
        """How many more runs can be begun now, and be answered in time."""
        async with transactions() as transaction:
            return MOST_UNDER_WAY - await deadlines.under_way(transaction.look, at_most=MOST_UNDER_WAY)

    async def keep_time(self, transactions: Transactions) -> None:
        """Tell runs of the silences that have lasted too long, for ever; while nobody can be heard it is none."""
        while True:
            is_heard = transactions.connected_seconds >= GRACE_SECONDS
            told = await self._tell_of_what_is_due(transactions) if is_heard else 0
            if told < MOST_DUE:
                await asyncio.sleep(TICK_SECONDS)

    async def _tell_of_what_is_due(self, transactions: Transactions) -> int:
        async with transactions() as transaction:
            due = await deadlines.take_due(transaction.sql, self._sagas, limit=MOST_DUE)
            if due:
                await self._tell_of_silence(transaction, due)
        return len(due)

    async def _tell_of_silence(self, transaction: Transaction, due: Sequence[tuple[UUID, Attempt]]) -> None:
        ledger = await UnitOfWork.locked(transaction.sql, self.definitions, {saga_id for saga_id, _ in due})
        for saga_id, ask in due:
            for command in ledger.hear(saga_id, TimedOut(ask), None):
                transaction.send(command)
        await persist(ledger, transaction)

    def _commands(self, ledger: UnitOfWork, received: Received, message: Message) -> list[Envelope]:
        envelope = received.envelope
        if isinstance(message, Event) and (saga := self._sagas.started_by.get(type(message))):
            return ledger.begin(saga, message, received)
        if envelope.saga_id not in ledger.runs:
            raise LookupError(f"there is no saga {envelope.saga_id}")  # its beginning may still be on its way
        if isinstance(message, CancellationEvent) and type(message) in self._sagas.cancelled_by:
            received.link(place_of_saga(ledger.runs[envelope.saga_id]))
            return ledger.hear(envelope.saga_id, Cancelled(message.reason), envelope.message_id)
        if isinstance(message, Reply):
            return ledger.hear(envelope.saga_id, _heard(envelope, message), envelope.message_id, message)
        raise UndecodableError(f"no saga hears {envelope.type}")


def _heard(envelope: Envelope, reply: Reply) -> Input:
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise UndecodableError("a reply must say which step, direction and attempt it answers")
    ask = Attempt(headers.step, headers.direction, headers.attempt)
    return Refused(ask, reply.reason, reply.code) if isinstance(reply, Refusal) else Succeeded(ask)
