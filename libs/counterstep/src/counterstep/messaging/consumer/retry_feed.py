"""Takes messages from the table of retries when they are due, and hands each over as a delivery.

A message that it has handed over stays leased to this process until it is settled, however long that takes: its
lease is renewed. If the process dies, or the database cannot be reached, the lease runs out, and any process of
the service takes the message.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from counterstep.messaging.consumer import retries
from counterstep.messaging.consumer.broker_consumer import Receive
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.origin import LeasedRow, RetryOrigin
from counterstep.messaging.consumer.retries import Taken
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.headers import Headers

LOOK_SECONDS: Final = 0.5
"""How often it looks for messages that are due, and renews leases: several times in `retries.LEASE_SECONDS`."""

MOST_HELD: Final = 200
"""How many messages of one queue this process leases at a time."""


class RetryFeed:
    """The retries of one queue. `lease` names this process; `service` is whose queue it is."""

    def __init__(self, queue: str, service: str, lease: UUID, receive: Receive) -> None:
        self.queue = queue
        self._service = service
        self._lease = lease
        self._receive = receive
        self._held: set[UUID] = set()
        self._stopping = False

    async def run(self, transactions: PlatformTransactions) -> None:
        """Hand over what is due, and renew the leases, until cancelled. Raises the database's errors."""
        while True:
            for row in await self._look(transactions):
                self._held.add(row.fingerprint)
                await self._receive(self._delivery(row))
            await asyncio.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Take nothing more."""
        self._stopping = True

    async def release(self, transactions: PlatformTransactions) -> None:
        """Let other processes have what this one has not settled. Raises the database's errors."""
        if held := list(self._held):
            async with transactions() as transaction:
                transaction.write(retries.releasing(held, self._lease))
            self._held.clear()

    async def _look(self, transactions: PlatformTransactions) -> Sequence[Taken]:
        if held := list(self._held):
            async with transactions() as transaction:
                transaction.write(retries.renewing(held, self._lease, partial(self._keep, held)))
        taken: list[Taken] = []
        if not self._stopping and len(self._held) < MOST_HELD:
            async with transactions() as transaction:
                limit = MOST_HELD - len(self._held)
                transaction.write(retries.taking(self.queue, self._lease, limit=limit, then=taken.extend))
        return [row for row in taken if row.fingerprint not in self._held]

    def _keep(self, asked: Sequence[UUID], renewed: set[UUID]) -> None:
        self._held -= set(asked) - renewed

    def _delivery(self, row: Taken) -> Delivery:
        leased = LeasedRow(row.fingerprint, self._lease, self._held)
        origin = RetryOrigin(leased, is_repeated=row.is_repeated, failures=row.failures)
        return Delivery(self.queue, _envelope(row, self._service), origin)


def _envelope(row: Taken, service: str) -> Envelope:
    """The message as it was consumed.

    Releases that retried by the broker sent each message again in their own name, so the service is the sender
    of those that they have left.
    """
    headers = Headers.stored(row.headers)
    return Envelope(
        message_id=row.message_id,
        saga_id=row.saga_id,
        type=row.type,
        exchange=row.exchange,
        routing_key=row.routing_key,
        body=row.body,
        headers=headers if headers.sender is not None else headers.model_copy(update={"sender": service}),
    )
