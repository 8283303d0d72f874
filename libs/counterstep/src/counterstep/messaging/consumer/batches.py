"""All deliveries that are waiting are handled as one batch, in one transaction: commit, acknowledge, publish.

A batch is never waited for. While one commits, the next one gathers, so batches grow with the load and add no
latency without it. A batch that fails is halved until the message at fault stands alone; that message is set
aside. An outage of the database is the fault of no message, so the batch waits until the outage ends.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeAlias

import structlog

from counterstep.messaging.consumer.acknowledgements import Acknowledger
from counterstep.messaging.consumer.admission import AdmissionControl, ConcurrencyLimit
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.forgeries import Forgeries
from counterstep.messaging.consumer.keep_alive import pause_seconds
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.consumer.retry import after_failure
from counterstep.messaging.consumer.task import Task
from counterstep.messaging.database.errors import is_conflict, is_outage
from counterstep.messaging.observability.metrics import Handled, QueueMetrics
from counterstep.messaging.observability.spans import of_batch
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions
from counterstep.messaging.scrape.measuring import Measure
from counterstep.messaging.wire.errors import ForgedError
from counterstep.protocol.exchanges import DEAD_LETTERS
from counterstep.topology.topology import Topology

LARGEST_BATCH: Final = 200
CONFLICTS_IN_A_ROW: Final = 5
"""How often a transaction is tried again after a concurrency conflict, before its messages are at fault."""

Work: TypeAlias = Callable[[PlatformTransaction, Sequence[Received]], Awaitable[None]]
"""Handles a whole batch, or raises: `UndecodableError` for a message that can never be handled."""

log = structlog.get_logger()


class Consumer(Protocol):
    """What a service does with the messages of its queues."""

    @property
    def name(self) -> str:
        """The service's name."""

    @property
    def topology(self) -> Topology:
        """The system that the service is a part of."""

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues it consumes."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What it runs in the background, for as long as the process lives."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What each scrape measures of its tables."""

    @property
    def admission(self) -> ConcurrencyLimit | None:
        """The limit to what it has under way, or `None` for no limit."""

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> None:
        """Handle the whole batch or raise, as `Work` says."""


class BatchProcessor:
    """Gathers the deliveries of a consumer's queues and has `work` handle them, one batch at a time."""

    def __init__(self, consumer: Consumer, work: Work, transactions: PlatformTransactions) -> None:
        self.queues = consumer.queues
        self._work = work
        self._transactions = transactions
        self._acknowledger = Acknowledger()
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        limit = consumer.admission
        self._admission = AdmissionControl(limit, self._waiting.put_nowait) if limit else None
        self._limited_queue = limit.queue if limit else None
        self._forgeries = Forgeries(consumer.topology, consumer.name, consumer.queues)
        self._metrics = {queue: QueueMetrics(queue) for queue in consumer.queues}

    async def receive(self, delivery: Delivery) -> None:
        """Put a delivery into the next batch; if its queue is limited, as soon as the limit admits it."""
        if self._admission and delivery.queue == self._limited_queue:
            self._admission.receive(delivery)
        else:
            self._waiting.put_nowait(delivery)

    async def admit(self) -> None:
        """Admit held deliveries, until cancelled; ends at once where the consumer has no limit."""
        if self._admission:
            await self._admission.run(self._transactions)

    async def run(self) -> None:
        """Handle batches until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < LARGEST_BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._take(batch)
            finally:
                for delivery in batch:
                    if self._admission and delivery.queue == self._limited_queue:
                        self._admission.done()
                    self._waiting.task_done()

    async def drained(self) -> None:
        """Wait until every admitted delivery has been handled."""
        await self._waiting.join()

    async def _take(self, batch: Sequence[Delivery]) -> None:
        for delivery in batch:
            delivery.undecodable = delivery.undecodable or self._forgeries.forgery(
                delivery.queue, delivery.envelope
            )
        decoded = [each for each in batch if not each.undecodable]
        for delivery in batch:
            if delivery.undecodable:
                await self._retry_or_bury(delivery, delivery.undecodable)
        if decoded:
            with of_batch([each.queue for each in decoded], [each.span for each in decoded]):
                await self._handle(decoded)

    async def _handle(self, batch: Sequence[Delivery]) -> None:
        async def work(transaction: PlatformTransaction) -> None:
            await self._work(transaction, batch)

        try:
            await self._commit(work)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything, and harms only itself
            if len(batch) == 1:
                await self._retry_or_bury(batch[0], error)
            else:
                middle = len(batch) // 2
                await self._handle(batch[:middle])
                await self._handle(batch[middle:])
        else:
            for queue, messages in Counter(each.queue for each in batch).items():
                self._metrics[queue].committed(messages)
            await self._acknowledge(batch, "done")
            for delivery in batch:
                delivery.done()

    async def _retry_or_bury(self, delivery: Delivery, error: Exception) -> None:
        rerouted = after_failure(delivery.envelope, delivery.queue, error)

        async def send(transaction: PlatformTransaction) -> None:
            transaction.send(rerouted)

        with delivery.current():
            log.error("set aside", type=rerouted.type, to=rerouted.routing_key, exc_info=error)
            try:
                await self._commit(send)
            except Exception:
                log.exception("cannot be set aside, left to the broker", type=rerouted.type)
                await self._acknowledger.given_up(delivery)
                self._metrics[delivery.queue].acknowledged("dead", arrived=delivery.arrived)
            else:
                await self._acknowledge([delivery], "dead" if rerouted.exchange == DEAD_LETTERS else "retried")
                if isinstance(error, ForgedError):
                    self._forgeries.count(delivery.queue, delivery.envelope)
        delivery.done(error)

    async def _acknowledge(self, deliveries: Sequence[Delivery], outcome: Handled) -> None:
        await self._acknowledger.done(deliveries)
        for delivery in deliveries:
            self._metrics[delivery.queue].acknowledged(outcome, arrived=delivery.arrived)

    async def _commit(self, work: Callable[[PlatformTransaction], Awaitable[None]]) -> None:
        """Run a transaction until it commits. Raises what is the fault of its messages."""
        conflicts = outages = 0
        while True:
            try:
                async with self._transactions() as transaction:
                    await work(transaction)
            except Exception as error:
                if is_outage(error):
                    outages += 1
                    log.warning("the database is away, messages wait", error=repr(error))
                elif is_conflict(error) and conflicts < CONFLICTS_IN_A_ROW:
                    conflicts += 1
                else:
                    raise
                await asyncio.sleep(pause_seconds(outages))
            else:
                return
