"""A route that can wait: with `Prefer: wait=10` it is answered when its row has ended, or after ten seconds."""

import asyncio
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from fastapi import Depends, Header, Request, Response
from sqlmodel import SQLModel

from counterstep.http.waiting.ending import Ending
from counterstep.http.waiting.prefer import LONGEST_WAIT_SECONDS, wait_seconds
from counterstep.http.waiting.waiters import Waiter, Waiters
from counterstep.messaging.outbox.transaction import Transaction

Row = TypeVar("Row", bound=SQLModel)

Prefer: TypeAlias = Annotated[
    list[str] | None,
    Header(
        description=f"`wait=10` (RFC 7240): answer when it has ended, or after 10 seconds. "
        f"At most {LONGEST_WAIT_SECONDS} are waited.",
    ),
]


class ClientWait:
    """For how long the client of one request is ready to wait."""

    def __init__(self, request: Request, response: Response, prefer: Prefer = None) -> None:
        self._request = request
        self._response = response
        self._seconds = wait_seconds(prefer or ())

    async def until(self, tx: Transaction, ending: Ending[Row], row: Row) -> Row | None:
        """The row as it ended, or `None`.

        `None` means that the client does not wait, its time is over or it is gone, that too many requests wait
        already, or that the process stops. Commits `tx` before it waits, so that the row can change and no
        connection is held. The answer's `Preference-Applied` says whether it was ready to wait.
        """
        if not self._seconds:
            return None
        if ending.has_ended(row):
            self._applied()
            return row
        waiters: Waiters = self._request.app.state.waiters
        with waiters.waiting(ending, ending.key_of(row)) as waiter:
            await tx.commit()
            if waiter is None:
                return None
            self._applied()
            await self._wait(waiter)
        return cast("Row | None", waiter.row)

    def _applied(self) -> None:
        self._response.headers["Preference-Applied"] = f"wait={self._seconds}"

    async def _wait(self, waiter: Waiter) -> None:
        """Wait for the end, but no longer than the client does."""
        gone = asyncio.ensure_future(self._disconnected())
        either: set[asyncio.Future[Any]] = {waiter.ended, gone}
        try:
            await asyncio.wait(either, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()

    async def _disconnected(self) -> None:
        """The body was read before the route was called, so what comes next is the end of the connection."""
        while (await self._request.receive())["type"] != "http.disconnect":
            pass


Waiting = Annotated[ClientWait, Depends()]
"""A route's parameter. A client that sends `Prefer: wait=10` gets the end of what it began in one request.

`await waiting.until(tx, ending, row)` commits, waits, and gives the row as it ended; `None` where the client does
not wait, or the time was over first.

Units: seconds, at most 60, in the request's header.

Raises: nothing of its own: a client that cannot be waited for gets the usual answer at once.

```python
TRIP_ENDED = Ending(Trip, column="status", pending="requested")


@router.post("/trips", status_code=202)
async def request_trip(trip: NewTrip, waiting: Waiting, tx: OpenTransaction, response: Response) -> TripView:
    row = Trip(trip_id=uuid7(), saga_id=uuid7(), traveller="ada", city=trip.city, nights=trip.nights)
    tx.insert(row)
    ended = await waiting.until(tx, TRIP_ENDED, row)
    if ended:
        response.status_code = 200
    return TripView.model_validate(ended or row)
```
"""
