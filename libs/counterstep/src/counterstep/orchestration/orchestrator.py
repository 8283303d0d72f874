"""The orchestrator: advances saga instances by start events, replies, cancellations and timeouts."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.consumer.admission import ConcurrencyLimit
from counterstep.messaging.consumer.consuming import Faults
from counterstep.messaging.consumer.received import Received, collecting
from counterstep.messaging.consumer.task import Task, TaskContext
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions
from counterstep.messaging.wire.envelope import Envelope
from counterstep.orchestration import deadlines, metrics
from counterstep.orchestration.inputs import input_of, unknown_instance
from counterstep.orchestration.instances import Definitions, SagaKey
from counterstep.orchestration.persisting import persist
from counterstep.orchestration.retention import deleting_ended
from counterstep.orchestration.spans import place_of_saga
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.protocol.exchanges import EVENTS
from counterstep.protocol.messages import Event, Message, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.definition import Saga
from counterstep.saga.registry import Registry
from counterstep.saga.transition import Cancelled, TimedOut
from counterstep.topology.topology import Topology

TICK_SECONDS: Final = 0.5
"""How often it looks for deadlines that have passed."""

MOST_DUE: Final = 200
"""How many timeouts one transaction handles."""

MOST_IN_FLIGHT: Final = 200
"""The concurrency limit: with this many commands due within a minute, start events are held back.

This many are answered within any usual timeout; were more begun, steps would time out because of the load alone.
"""

GRACE_SECONDS: Final = 10.0
"""Seconds after a reconnect to broker or database in which no timeout fires: waiting replies go first."""


class Orchestrator:
    """Drives every instance of the given sagas. It is the consumer of an orchestrator's process.

    `keep_days` is how long ended instances are kept; `None` keeps them. It handles a whole batch of
    messages in one transaction. Raises `ValueError` for two definitions of one version, and for two sagas that
    start on the same event.

    ```python
    serve(Orchestrator(SAGAS, TRIP, keep_days=30), router, OrchestratorSettings.load())
    ```
    """

    def __init__(self, sagas: Iterable[Saga[Any]], topology: Topology, *, keep_days: int | None = None) -> None:
        registry = Registry(sagas)
        self.name = topology.orchestrator
        self.topology = topology
        self.queues = topology.service(self.name).queues
        self.admission = ConcurrencyLimit(f"{self.name}.{EVENTS}", self.free_places)
        self.tasks: tuple[Task, ...] = (
            self.fire_timeouts,
            *([deleting_ended(keep_days)] if keep_days is not None else []),
        )
        self.measures = (partial(metrics.of_unended, registry),)
        self.definitions = Definitions(registry, topology.contracts, self.name)
        self._sagas = registry
        self._most_parallel = max((len(stage.steps) for saga in sagas for stage in saga.stages), default=1)
        metrics.from_zero(registry)

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> Faults:
        """Begin or advance the instances that these messages are about.

        Gives the faulty ones, each with its reason: a `LookupError` for a cancellation of an instance that does
        not exist (yet), and for an instance whose version is not registered here; an `UndecodableError` for a
        message that is not for an orchestrator; a `ForgedError` for one that is not its sender's to send; a
        `SecondStartError` for a start event of a key that has an instance already; or what a function of the saga
        has raised.
        """
        faults: dict[Received, Exception] = {}
        messages: dict[Received, Message] = {}
        keys: set[SagaKey] = set()
        for received in batch:
            with collecting(faults, received):
                message = received.envelope.open(self.topology.contracts)
                keys.update(self._unique_keys(message))
                messages[received] = message
        saga_ids = {received.envelope.saga_id for received in messages}
        work = await UnitOfWork.read(transaction.query, self.definitions, saga_ids, keys)
        for received, message in messages.items():
            with received.current(), collecting(faults, received):
                for command in self._commands(work, received, message):
                    transaction.send(command)
        await persist(work, transaction, [each.envelope for each in messages if each not in faults])
        return faults

    async def free_places(self, transactions: PlatformTransactions) -> int:
        """How many more instances can be begun now without overloading the participants.

        An instance may send as many commands at once as its widest stage has steps.
        """
        async with transactions() as transaction:
            free = MOST_IN_FLIGHT - await deadlines.due_soon(transaction.query, at_most=MOST_IN_FLIGHT)
        return free // self._most_parallel

    async def fire_timeouts(self, context: TaskContext) -> None:
        """Time out attempts whose deadline has passed, without end, except while replies cannot be received."""
        while True:
            is_connected = context.broker_seconds() >= GRACE_SECONDS
            fired = await self._fire_due(context.transactions) if is_connected else 0
            if fired < MOST_DUE:
                await asyncio.sleep(TICK_SECONDS)

    async def _fire_due(self, transactions: PlatformTransactions) -> int:
        async with transactions() as transaction:
            due = await deadlines.take_due(transaction.sql, self._sagas, limit=MOST_DUE)
            if due:
                await self._time_out(transaction, due)
        return len(due)

    async def _time_out(self, transaction: PlatformTransaction, due: Sequence[tuple[UUID, Attempt]]) -> None:
        work = await UnitOfWork.lock(transaction.sql, self.definitions, {saga_id for saga_id, _ in due})
        for saga_id, attempt in due:
            for command in work.apply(saga_id, TimedOut(attempt), None):
                transaction.send(command)
        await persist(work, transaction)

    def _unique_keys(self, message: Message) -> Iterator[SagaKey]:
        if isinstance(message, Event) and (saga := self._sagas.started_by.get(type(message))) and saga.unique:
            yield saga.name, saga.key_of(message)

    def _commands(self, work: UnitOfWork, received: Received, message: Message) -> list[Envelope]:
        envelope = received.envelope
        if unreadable := work.unreadable.get(envelope.saga_id):
            raise unreadable
        if isinstance(message, Event) and (saga := self._sagas.started_by.get(type(message))):
            return work.begin(saga, message, received)
        loaded = work.instances.get(envelope.saga_id)
        if loaded is None:
            raise unknown_instance(envelope, message)
        input_ = input_of(self.definitions, loaded, envelope, message)
        if isinstance(input_, Cancelled):
            received.link(place_of_saga(loaded))
        reply = message if isinstance(message, Reply) else None
        return work.apply(envelope.saga_id, input_, envelope.message_id, reply)
