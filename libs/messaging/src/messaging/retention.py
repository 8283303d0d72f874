"""The inbox is kept as small as its retention allows."""

import asyncio
from typing import Final

from messaging import inbox
from messaging.transaction import Transactions

PRUNE_SECONDS: Final = 60.0
MOST_PRUNED: Final = 1_000


async def prune_inbox(transactions: Transactions) -> None:
    """Forget what is too old to be asked for again, a little at a time, for ever."""
    while True:
        async with transactions() as transaction:
            pruned = await inbox.prune(transaction.sql, limit=MOST_PRUNED)
        if pruned < MOST_PRUNED:
            await asyncio.sleep(PRUNE_SECONDS)
