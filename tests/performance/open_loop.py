"""Orders that come when they are due, however slow the system is: how long one takes at a given rate.

Each counts from the moment when it was due, not from when the client came to send it: a system that stalls cannot
hide the orders that it kept waiting (coordinated omission).
"""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from counterstep.client import ApiError
from infra.load.planning import Planned
from infra.machine.user_error import UserError

from performance.client import Client
from performance.closed_loop import Sent


async def send_when_due(client: Client, plan: Sequence[Planned]) -> dict[UUID, Sent]:
    """Place every order when it is due. Raises UserError where one is refused."""
    begun, sent = time.time(), dict[UUID, Sent]()

    async def send(order: Planned) -> None:
        due = begun + order.due
        late = time.time() - due
        placed = await client.place(order)
        sent[placed.saga_id] = Sent(order, due, placed.put_off, late)

    try:
        async with asyncio.TaskGroup() as group:
            for order in plan:
                await asyncio.sleep(max(0.0, begun + order.due - time.time()))
                group.create_task(send(order))
    except* (UserError, ApiError) as failures:
        raise failures.exceptions[0] from None
    return sent
