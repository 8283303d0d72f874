"""Everything that waits at one moment is handled in one transaction: commit, then acknowledge, then publish.

No batch is waited for: while one commits the next gathers, so batches grow with the load and cost no latency
without it. A batch that fails is halved until the message at fault stands alone and is set aside; an outage of the
database is no fault of any message, so the batch waits for it to end.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeAlias

import structlog

from counterstep.messaging.consumer.acknowledgements import Acknowledger
from counterstep.messaging.consumer.admission import AdmissionControl, ConcurrencyLimit
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.keep_alive import pause_seconds
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.consumer.retry import after_failure
from counterstep.messaging.database.errors import is_conflict, is_outage
from counterstep.messaging.observability.metrics import Handled, QueueMetrics
from counterstep.messaging.observability.spans import of_batch
from counterstep.messaging.outbox.transaction import Transaction, Transactions
from counterstep.messaging.scrape.measuring import Measure
from counterstep.protocol.exchanges import DEAD_LETTERS
from counterstep.topology.topology import Topology

LARGEST_BATCH: Final = 200
CLASHES_IN_A_ROW: Final = 5

Task: TypeAlias = Callable[[Transactions], Awaitable[None]]

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
        """What it does unasked, for as long as the process lives."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is asked of its tables at each scrape."""

    @property
    def admission(self) -> ConcurrencyLimit:
        """What bounds how much it begins."""

    async def work(self, transaction: Transaction, batch: Sequence[Received]) -> None:
        """Handle the whole batch or raise; `Unreadable` for a message that never can be."""


class BatchProcessor:
    """Gathers deliveries and has them handled, one batch at a time."""

    def __init__(self, consumer: Consumer, transactions: Transactions) -> None:
        self._consumer = consumer
        self._transactions = transactions
        self._acknowledger = Acknowledger()
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._door = AdmissionControl(consumer.admission, self._waiting.put_nowait)
        self._metrics = {queue: QueueMetrics(queue) for queue in consumer.queues}
        self.queues = consumer.queues

    async def receive(self, delivery: Delivery) -> None:
        """Put a delivery to those that wait for the next batch, as soon as there is room for it."""
        self._door.receive(delivery)

    async def admit(self) -> None:
        """Let in those that wait at the door, for ever."""
        await self._door.run(self._transactions)

    async def run(self) -> None:
        """Handle batches for ever."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < LARGEST_BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._take(batch)
            finally:
                for delivery in batch:
                    self._door.done(delivery)
                    self._waiting.task_done()

    async def drained(self) -> None:
        """Wait until everything that was let in has been handled."""
        await self._waiting.join()

    async def _take(self, batch: Sequence[Delivery]) -> None:
        readable = [each for each in batch if not each.unreadable]
        for delivery in batch:
            if delivery.unreadable:
                await self._set_aside(delivery, delivery.unreadable)
        if readable:
            with of_batch([each.queue for each in readable], [each.received.span for each in readable]):
                await self._handle(readable)

    async def _handle(self, batch: Sequence[Delivery]) -> None:
        async def work(transaction: Transaction) -> None:
            await self._consumer.work(transaction, [each.received for each in batch])

        try:
            await self._commit(work)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything, and harms only itself
            if len(batch) == 1:
                await self._set_aside(batch[0], error)
            else:
                middle = len(batch) // 2
                await self._handle(batch[:middle])
                await self._handle(batch[middle:])
        else:
            for queue, messages in Counter(each.queue for each in batch).items():
                self._metrics[queue].committed(messages)
            await self._acknowledge(batch, "done")
            for delivery in batch:
                delivery.received.done()

    async def _set_aside(self, delivery: Delivery, error: Exception) -> None:
        elsewhere = after_failure(delivery.received.envelope, delivery.queue, error)

        async def send(transaction: Transaction) -> None:
            transaction.send(elsewhere)

        with delivery.received.current():
            log.error("set aside", type=elsewhere.type, to=elsewhere.routing_key, exc_info=error)
            try:
                await self._commit(send)
            except Exception:
                log.exception("cannot be set aside, left to the broker", type=elsewhere.type)
                await self._acknowledger.given_up(delivery)
                self._metrics[delivery.queue].acknowledged("dead", arrived=delivery.arrived)
            else:
                await self._acknowledge([delivery], "dead" if elsewhere.exchange == DEAD_LETTERS else "retried")
        delivery.received.done(error)

    async def _acknowledge(self, deliveries: Sequence[Delivery], outcome: Handled) -> None:
        await self._acknowledger.done(deliveries)
        for delivery in deliveries:
            self._metrics[delivery.queue].acknowledged(outcome, arrived=delivery.arrived)

    async def _commit(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        """Run a transaction until it is through. Raises what is a fault of its messages."""
        clashes = outages = 0
        while True:
            try:
                async with self._transactions() as transaction:
                    await work(transaction)
            except Exception as error:
                if is_outage(error):
                    outages += 1
                    log.warning("the database is away, messages wait", error=repr(error))
                elif is_conflict(error) and clashes < CLASHES_IN_A_ROW:
                    clashes += 1
                else:
                    raise
                await asyncio.sleep(pause_seconds(outages))
            else:
                return
