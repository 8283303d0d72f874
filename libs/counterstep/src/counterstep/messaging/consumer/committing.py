"""A transaction is run until it commits, or until its messages are at fault.

An outage of the database is the fault of no message, so the messages wait for its end, however long it takes. The
broker does not wait that long: it closes the channel of what is not acknowledged in time, and delivers it again.
Such a delivery is given up here, so that only one process handles it.

Faulty messages hold up nobody. They are set aside in the transaction in which the others are handled, so a batch
with a hundred of them costs as many transactions as one with none. See
docs/decisions/0054-a-batch-is-decided-in-one-pass.md.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import structlog

from counterstep.messaging.consumer.consuming import Work
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.keep_alive import pause_seconds
from counterstep.messaging.consumer.origin import Settlement
from counterstep.messaging.consumer.setting_aside import set_aside
from counterstep.messaging.consumer.suspects import clearing
from counterstep.messaging.database.errors import is_conflict, is_outage
from counterstep.messaging.observability.metrics import Handled
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions

CONFLICTS_IN_A_ROW: Final = 5
"""How often a transaction is tried again after a concurrency conflict, before its messages are at fault."""

log = structlog.get_logger()


class GoneError(Exception):
    """A delivery is no longer this process's to settle: it comes again, here or elsewhere."""


class Committing:
    """Runs the transactions in which deliveries are handled."""

    def __init__(self, transactions: PlatformTransactions) -> None:
        self._transactions = transactions

    async def __call__(
        self, deliveries: Sequence[Delivery], work: Callable[[PlatformTransaction], Awaitable[None]]
    ) -> None:
        """Run `work` in a transaction until it commits.

        Raises what is the fault of its messages, and `GoneError` where one of them has gone in the meantime.
        """
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
                if any(each.origin.is_gone for each in deliveries):
                    raise GoneError from error
            else:
                return


class OnePass:
    """Has `work` handle a batch, but for the messages whose fault is `known`, and keeps what is faulty.

    Once it is committed, `faults` has every faulty message with its reason, and `outcomes` what became of each.
    """

    def __init__(self, work: Work, batch: Sequence[Delivery], known: Mapping[Delivery, Exception]) -> None:
        self._work = work
        self._batch = batch
        self._known = {each: known[each] for each in batch if each in known}
        self.faults: Mapping[Delivery, Exception] = self._known
        self.outcomes: Mapping[Delivery, Handled] = {}

    async def __call__(self, transaction: PlatformTransaction) -> None:
        """Write all that follows from the batch. It may run again, in another transaction."""
        self.faults = self._known | await self._found(transaction)
        done: dict[Delivery, Handled] = dict.fromkeys(self._batch, "done")
        self.outcomes = done | await set_aside(transaction, self.faults)
        over = [each.origin for each, outcome in self.outcomes.items() if outcome != "retried"]
        for statement in Settlement.of(over).written():
            transaction.write(statement)
        if repeated := [each.fingerprint for each in self._batch if each.origin.is_repeated]:
            transaction.write(clearing(repeated))

    async def _found(self, transaction: PlatformTransaction) -> dict[Delivery, Exception]:
        """Handle what is not known to be faulty; gives what turned out to be."""
        unknown = [each for each in self._batch if each not in self._known]
        found = await self._work(transaction, unknown) if unknown else {}
        return {each: found[each] for each in unknown if each in found}
