"""A route's way to its database: `tx: OpenTransaction` is one transaction, committed before the answer leaves."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from counterstep.messaging.outbox.transaction import Transaction, Transactions


async def _transaction(request: Request) -> AsyncIterator[Transaction]:
    """One transaction around the route. An exception of the route rolls it back."""
    transactions: Transactions = request.app.state.transactions
    async with transactions() as tx:
        yield tx


# With this scope the commit comes before the answer: a 2xx means that everything is on disk.
OpenTransaction = Annotated[Transaction, Depends(_transaction, scope="function")]
"""A route's parameter: a `Transaction`, committed before the answer leaves, and rolled back if the route raises.

```python
@router.post("/trips", status_code=202)
async def request_trip(new: NewTrip, caller: AnyCaller, tx: OpenTransaction) -> TripView: ...
```
"""
