"""What is tidied once a minute: rows of queues that are gone, and marks of messages that never came again."""

import asyncio
from collections.abc import Sequence

from counterstep.messaging.consumer import retries
from counterstep.messaging.consumer.retention import PRUNE_SECONDS
from counterstep.messaging.consumer.suspects import prune
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions


async def keep_tidy(transactions: PlatformTransactions, queues: Sequence[str]) -> None:
    """Tidy the tables of a service that consumes these queues, until cancelled. Raises the database's errors."""
    while True:
        async with transactions() as transaction:
            await retries.adopt(transaction.sql, queues)
            await prune(transaction.sql)
        await asyncio.sleep(PRUNE_SECONDS)
