"""What becomes of a batch: it is committed and acknowledged, with what is faulty in it set aside.

The work tells which messages are faulty. Where it cannot, because the database has refused the whole, the batch is
halved until the message at fault stands alone. A message that a process had before, and did not end, is handled
alone from the beginning: that process may have died of it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import structlog

from counterstep.messaging.consumer.acknowledgements import Acknowledger
from counterstep.messaging.consumer.committing import Committing, GoneError, OnePass
from counterstep.messaging.consumer.consuming import Consumer, Work
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.forgeries import Forgeries
from counterstep.messaging.consumer.origin import Settlement
from counterstep.messaging.consumer.setting_aside import tell
from counterstep.messaging.consumer.suspects import MOST_DEATHS, KillerError, Suspects
from counterstep.messaging.observability.metrics import QueueMetrics
from counterstep.messaging.observability.spans import of_batch
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions
from counterstep.messaging.wire.errors import ForgedError

AGAIN_SECONDS: Final = 5.0
"""After how long a message that the database has refused to keep is offered again."""

Known: TypeAlias = Mapping[Delivery, Exception]
"""Messages that are known to be faulty, with their reasons."""

OfferAgain: TypeAlias = Callable[[Delivery, Coroutine[Any, Any, None]], None]
"""Takes a delivery that could not be ended, to bring it back after this."""

log = structlog.get_logger()


class Handling:
    """Handles the batches of one consumer. `process` names this process."""

    def __init__(
        self,
        consumer: Consumer,
        work: Work,
        transactions: PlatformTransactions,
        process: UUID,
        offer_again: OfferAgain,
    ) -> None:
        self._work = work
        self._commit = Committing(transactions)
        self._acknowledger = Acknowledger()
        self._suspects = Suspects(process, transactions)
        self._offer_again = offer_again
        self._forgeries = Forgeries(consumer.topology, consumer.name, consumer.queues)
        self._metrics = {queue: QueueMetrics(queue) for queue in consumer.queues}

    async def __call__(self, batch: Sequence[Delivery]) -> None:
        """Return once each delivery is settled, or is to be offered again, or has gone."""
        together: list[Delivery] = []
        known: dict[Delivery, Exception] = {}
        for delivery in _present(batch):
            if fault := delivery.undecodable or self._forgeries.forgery(delivery.queue, delivery.envelope):
                known[delivery] = fault
            elif delivery.origin.is_repeated:
                await self._handle_alone(delivery)
                continue
            together.append(delivery)
        if together:
            with of_batch([each.queue for each in together], [each.span for each in together]):
                await self._handle(together, known)

    async def _handle_alone(self, delivery: Delivery) -> None:
        """Handle what a process may have died of, unless another process has it in hand, or enough have died."""
        try:
            deaths = await self._mark(delivery)
        except GoneError:
            delivery.done()
        except Exception:
            log.exception("a suspect cannot be marked", type=delivery.envelope.type)
            self._offer_again(delivery, asyncio.sleep(AGAIN_SECONDS))
        else:
            if deaths is None:
                self._offer_again(delivery, self._suspects.watch(delivery.fingerprint))
            elif deaths >= MOST_DEATHS:
                await self._handle([delivery], {delivery: KillerError(deaths)})
            else:
                async with self._suspects.renewed(delivery.fingerprint):
                    await self._handle([delivery], {})

    async def _mark(self, delivery: Delivery) -> int | None:
        """How many processes have died of it; `None` where another process has it in hand."""
        deaths: int | None = None

        async def mark(transaction: PlatformTransaction) -> None:
            nonlocal deaths
            deaths = await self._suspects.mark(transaction, delivery.fingerprint)

        await self._commit([delivery], mark)
        return deaths

    async def _handle(self, batch: Sequence[Delivery], known: Known) -> None:
        handled = OnePass(self._work, batch, known)
        try:
            await self._commit(batch, handled)
        except GoneError:
            if present := _present(batch):
                await self._handle(present, known)
        except Exception as error:  # a handler may raise anything, and harms only itself
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._handle(batch[:middle], known)
                await self._handle(batch[middle:], known)
            elif handled.faults:
                log.exception("cannot be kept, so it is not acknowledged", type=batch[0].envelope.type)
                self._offer_again(batch[0], asyncio.sleep(AGAIN_SECONDS))
            else:
                await self._handle(batch, {batch[0]: error})
        else:
            await self._settle(handled)

    async def _settle(self, handled: OnePass) -> None:
        """Acknowledge what is committed, and count it."""
        done = [each.queue for each, outcome in handled.outcomes.items() if outcome == "done"]
        for queue, messages in Counter(done).items():
            self._metrics[queue].committed(messages)
        settlement = Settlement.of(each.origin for each in handled.outcomes)
        settlement.committed()
        await self._acknowledger.done(settlement.receipts)
        for delivery, outcome in handled.outcomes.items():
            self._metrics[delivery.queue].acknowledged(outcome, arrived=delivery.arrived)
            fault = handled.faults.get(delivery)
            if fault:
                tell(delivery, fault)
            if isinstance(fault, ForgedError):
                self._forgeries.count(delivery.queue, delivery.envelope)
            delivery.done(fault)


def _present(batch: Sequence[Delivery]) -> list[Delivery]:
    """Those that this process can still settle; the others come again, here or elsewhere."""
    gone = [each for each in batch if each.origin.is_gone]
    for delivery in gone:
        delivery.done()
    return [each for each in batch if each not in gone]
