"""A route's way to its database: `tx: OpenTransaction` is one transaction, committed before the answer leaves."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from counterstep.messaging.outbox.transaction import Transaction, Transactions


async def transactions(request: Request) -> Transactions:
    """For a route that may need more than one transaction."""
    opener: Transactions = request.app.state.transactions
    return opener


AnyTransactions = Annotated[Transactions, Depends(transactions)]
"""A route's parameter, for a route that needs more than one transaction.

Each ends with its block: committed, or rolled back where the block raises.

```python
async def request_trip(new: NewTrip, transactions: AnyTransactions) -> TripView:
    async with transactions() as tx:
        trip = await tx.session.get(Trip, new.trip_id)
    offer = await best_offer(new)  # no transaction is open during a call of another system
    async with transactions() as tx:
        tx.insert(Trip(trip_id=new.trip_id, offer=offer))
```
"""


async def transaction(opener: AnyTransactions) -> AsyncIterator[Transaction]:
    """One transaction around the route. An exception of the route rolls it back."""
    async with opener() as tx:
        yield tx


# With this scope the commit comes before the answer: a 2xx means that everything is on disk.
OpenTransaction = Annotated[Transaction, Depends(transaction, scope="function")]
"""A route's parameter: a `Transaction`, committed before the answer leaves, and rolled back if the route raises.

```python
@router.post("/trips", status_code=202)
async def request_trip(new: NewTrip, caller: AnyCaller, tx: OpenTransaction) -> TripView: ...
```
"""
