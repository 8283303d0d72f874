"""A transaction is run until it commits, or until its messages are at fault.

An outage of the database is the fault of no message, so the messages wait for its end, however long it takes. The
broker does not wait that long: it closes the channel of what is not acknowledged in time, and delivers it again.
Such a delivery is given up here, so that only one process handles it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.keep_alive import pause_seconds
from counterstep.messaging.database.errors import is_conflict, is_outage
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
