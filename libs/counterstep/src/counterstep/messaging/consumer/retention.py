"""Rows that are older than their retention are deleted, a few at a time."""

import asyncio
from typing import Final, Protocol

from counterstep.messaging.consumer.task import TaskContext
from counterstep.messaging.database.sql import Sql
from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions

PRUNE_SECONDS: Final = 60.0
MOST_PRUNED: Final = 1_000


class Prune(Protocol):
    """Delete up to `limit` rows, the oldest first; gives how many were deleted."""

    async def __call__(self, sql: Sql, *, limit: int) -> int: ...


async def keep_pruned(prune: Prune, transactions: PlatformTransactions) -> None:
    """Delete whatever is too old, until cancelled."""
    while True:
        async with transactions() as transaction:
            pruned = await prune(transaction.sql, limit=MOST_PRUNED)
        if pruned < MOST_PRUNED:
            await asyncio.sleep(PRUNE_SECONDS)


async def prune_inbox(context: TaskContext) -> None:
    """Keep the inbox as small as its retention allows."""
    await keep_pruned(inbox.prune, context.transactions)
