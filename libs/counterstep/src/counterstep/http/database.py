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

`tx.session` is SQLModel's session, `tx.publish` sends an event, and `tx.complete` gives a deferred reply. A GET
that only reads locks nothing.

Units: none.

Raises: an answer of 503, where the database is away or has no free connection.

```python
@router.post("/trips/{trip_id}/remind", status_code=202)
async def remind(trip_id: UUID, caller: AnyCaller, tx: OpenTransaction) -> TripView:
    trip = await tx.session.get_one(Trip, trip_id, with_for_update=True)
    trip.reason = f"{caller.subject} asks how it goes"
    return TripView.model_validate(trip)
```
"""
