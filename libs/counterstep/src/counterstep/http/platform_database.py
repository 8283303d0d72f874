"""The same for the platform's own routes, whose statements authors of services do not see."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from counterstep.messaging.outbox.platform_transaction import PlatformTransaction, PlatformTransactions


async def platform_transaction(request: Request) -> AsyncIterator[PlatformTransaction]:
    """One transaction around the route. An exception of the route rolls it back."""
    transactions: PlatformTransactions = request.app.state.platform_transactions
    async with transactions() as tx:
        yield tx


# As for `OpenTransaction`: the commit comes before the answer.
OpenPlatformTransaction = Annotated[PlatformTransaction, Depends(platform_transaction, scope="function")]
