"""All deliveries that are waiting are handled as one batch, in one transaction: commit, acknowledge, publish.

A batch is never waited for. While one commits, the next one gathers, so batches grow with the load and add no
latency without it.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final
from uuid import UUID

from counterstep.messaging.consumer.admission import AdmissionControl
from counterstep.messaging.consumer.consuming import Consumer, Work
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.handling import Handling
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions

LARGEST_BATCH: Final = 200


class BatchProcessor:
    """Gathers the deliveries of a consumer's queues and has `work` handle them, one batch at a time.

    `process` names this process, also in the tables.
    """

    def __init__(self, consumer: Consumer, work: Work, transactions: PlatformTransactions, process: UUID) -> None:
        self._handle = Handling(consumer, work, transactions, process, self._offer_again)
        self._transactions = transactions
        self._put_off: set[asyncio.Task[None]] = set()
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        limit = consumer.admission
        self._admission = AdmissionControl(limit, self._waiting.put_nowait) if limit else None
        self._limited_queue = limit.queue if limit else None

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
        try:
            while True:
                batch = [await self._waiting.get()]
                while len(batch) < LARGEST_BATCH and not self._waiting.empty():
                    batch.append(self._waiting.get_nowait())
                try:
                    await self._handle(batch)
                finally:
                    for delivery in batch:
                        if self._admission and delivery.queue == self._limited_queue:
                            self._admission.done()
                        self._waiting.task_done()
        finally:
            for task in self._put_off:
                task.cancel()

    async def drained(self) -> None:
        """Wait until every admitted delivery has been handled."""
        await self._waiting.join()

    def _offer_again(self, delivery: Delivery, after: Coroutine[Any, Any, None]) -> None:
        """Receive the delivery again after this; the others do not wait for it."""

        async def offer() -> None:
            await after
            await self.receive(delivery)

        task = asyncio.create_task(offer())
        self._put_off.add(task)
        task.add_done_callback(self._put_off.discard)
