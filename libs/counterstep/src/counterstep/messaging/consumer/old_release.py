"""What a release that retried by the broker has left: nothing of it is lost in an upgrade.

Such a release sent a failed message by its outbox to a retry queue, or to the queue `<service>.dead_letters`.
The retry queues empty themselves into the service's own queue, where the message is consumed like any other. The
two rest are taken here: rows of the outbox, which no exchange takes any more, and dead letters in the old queue.
Both may still be written while processes of that release run beside those of this one, so it is looked for again
and again.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelClosed
from yarl import URL

from counterstep.messaging.consumer import dead_letters
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.database.old_rows import MOVE_FROM_OUTBOX
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.wire.amqp import from_amqp, of_amqp, salvage
from counterstep.messaging.wire.errors import UndecodableError

LOOK_SECONDS: Final = 5.0
MOVE_SECONDS: Final = 60.0
"""How often it looks in the outbox once the old queue is gone: well before a row there goes into quarantine."""
MOST_AT_ONCE: Final = 200

log = structlog.get_logger()


class OldRelease:
    """Takes over what the release before has left of one service, which consumes these queues."""

    def __init__(self, service: str, queues: tuple[str, ...], amqp_url: str) -> None:
        self._service = service
        self._queue = f"{service}.dead_letters"
        self._queues = queues
        self._url = URL(amqp_url).update_query(heartbeat=15, name=f"{service} old dead letters")

    async def run(self, transactions: PlatformTransactions) -> None:
        """Look for it until cancelled: in the old queue as long as that is there, and in the outbox.

        Raises the errors of the broker and of the database. It has a connection of its own, so a letter that
        breaks it holds up nothing else.
        """
        async with await aio_pika.connect(self._url, timeout=10) as connection:
            channel = await connection.channel()
            try:
                queue = await channel.declare_queue(self._queue, passive=True)
                while True:
                    await self._move(transactions)
                    while letters := await _some(queue):
                        await self._keep(transactions, letters)
                        await letters[-1].ack(multiple=True)
                    await asyncio.sleep(LOOK_SECONDS)
            except ChannelClosed as gone:
                log.info("the old queue of dead letters is gone", queue=self._queue, error=str(gone))
        while True:  # a process of that release may write a row until it is stopped
            await self._move(transactions)
            await asyncio.sleep(MOVE_SECONDS)

    async def _move(self, transactions: PlatformTransactions) -> None:
        async with transactions() as transaction:
            await transaction.sql(MOVE_FROM_OUTBOX)

    async def _keep(self, transactions: PlatformTransactions, letters: Sequence[AbstractIncomingMessage]) -> None:
        async with transactions() as transaction:
            await dead_letters.bury(transaction, [self._failed(letter) for letter in letters])

    def _failed(self, letter: AbstractIncomingMessage) -> Failed:
        try:
            envelope, fault = from_amqp(letter, reader=self._service), None
        except UndecodableError as error:
            envelope, fault = salvage(of_amqp(letter)), str(error)
        headers = envelope.headers
        named = [name for name in (headers.origin, envelope.routing_key) if name in self._queues]
        queue = named[0] if named else self._queue
        return Failed(
            queue=queue,
            envelope=envelope,
            fingerprint=fingerprint(queue, envelope),
            failures=headers.failures,
            reason=headers.reason or fault or "a release before this one, or the broker, gave it up",
        )


async def _some(queue: AbstractQueue) -> list[AbstractIncomingMessage]:
    letters: list[AbstractIncomingMessage] = []
    while len(letters) < MOST_AT_ONCE and (letter := await queue.get(fail=False)):
        letters.append(letter)
    return letters
