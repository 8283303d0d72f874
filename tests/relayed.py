"""A relay of the test's own: its outbox is a database beside the stack's, its broker a virtual host.

Nothing else publishes there, so what the broker and the database count is the relay's.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractQueue
from counterstep.messaging.database.sql import execute_together
from counterstep.messaging.outbox.relay import Relay
from counterstep.messaging.outbox.table import Stored, inserting
from counterstep.messaging.wire.amqp import of_amqp
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.pack import PACK_TYPE, unpacked
from counterstep.migrations import create_outbox, create_outbox_quarantine
from faults.broker import management
from infra.components.rabbitmq.conf import ADMIN
from infra.launcher.native.stack import Stack
from platform_tables import database_beside
from waiting import eventually
from yarl import URL

PLACE: Final = "relayed"
"""The name of the database and of the virtual host."""
OPEN: Final = "open"
"""The exchange that the relay's user may write to, and its queue."""
CLOSED: Final = "closed"
"""The exchange that it may not write to."""
MISSING: Final = "open.missing"
"""The exchange that it may write to, as soon as there is one."""

_INSERT: Final = """
INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $1, now())
"""


@dataclass(frozen=True)
class Row:
    """A row as any release may have written it."""

    saga_id: UUID
    type: str = "relayed.thing"
    exchange: str = OPEN
    routing_key: str = "thing"
    headers: str = "{}"


@dataclass(frozen=True)
class Relayed:
    """The database, the queue behind the open exchange, and the management API of the broker."""

    stack: Stack
    database: asyncpg.Connection
    channel: aio_pika.abc.AbstractChannel
    queue: AbstractQueue
    database_url: str
    amqp_url: str

    async def write(self, rows: Iterable[Row]) -> list[UUID]:
        """Write these rows to the outbox, in their order; give the ids of their messages."""
        ids = []
        async with self.database.transaction():
            for row in rows:
                ids.append(uuid4())
                values = (row.saga_id, row.type, row.exchange, row.routing_key, row.headers, b"{}")
                await self.database.execute(_INSERT, ids[-1], *values)
        return ids

    async def commit(self, relay: Relay, rows: Iterable[Row]) -> list[UUID]:
        """Write these rows as a transaction of the relay's own process does; give the ids of their messages."""
        envelopes = [
            Envelope(
                saga_id=each.saga_id,
                type=each.type,
                exchange=each.exchange,
                routing_key=each.routing_key,
                body=b"{}",
            )
            for each in rows
        ]
        stored: list[Stored] = []

        async def sql(statement: str, *arguments: Any) -> Sequence[Any]:
            return await self.database.fetch(statement, *arguments)

        await execute_together(sql, [inserting(envelopes, relay.lease, stored.extend)])
        relay.hand_over(stored)
        return [envelope.message_id for envelope in envelopes]

    def relay(self, **options: Any) -> Relay:
        """A relay of this outbox."""
        return Relay(sender="payment", amqp_url=self.amqp_url, database_url=self.database_url, **options)

    async def waiting(self) -> int:
        """How many rows are in the outbox."""
        return int(await self.database.fetchval("SELECT count(*) FROM outbox"))

    async def refusals(self) -> int:
        """How often the rows in the outbox were refused."""
        return int(await self.database.fetchval("SELECT coalesce(sum(refusals), 0) FROM outbox"))

    async def quarantined(self) -> dict[UUID, str]:
        """The reason for each message in quarantine."""
        query = "SELECT message_id, reason FROM outbox_quarantine WHERE status = 'waiting'"
        return dict(map(tuple, await self.database.fetch(query)))

    async def everything_published(self) -> None:
        """Wait until the outbox is empty."""
        await eventually(self.waiting, until=lambda count: count == 0)

    async def deliveries(self) -> list[UUID]:
        """The messages in the queue, in the order of their confirms, each as often as it was published."""
        return [UUID(each) for pack in await self.packs() for each in pack]

    async def arrived(self) -> list[UUID]:
        """The messages in the queue, in the order of their confirms, each at its first time."""
        return list(dict.fromkeys(await self.deliveries()))

    async def packs(self) -> list[list[str]]:
        """The ids of the messages in the queue, together where they have come together."""
        packs = []
        while message := await self.queue.get(no_ack=True, fail=False):
            whole = of_amqp(message)
            parts = unpacked(whole) if whole.type == PACK_TYPE else [whole]
            packs.append([each.message_id or "" for each in parts])
        return packs

    async def connections_opened(self) -> int:
        """How often the user has logged in here, by the broker's log."""
        log = self.stack.home.log("rabbitmq").read_text()
        return log.count(f"user 'payment' authenticated and granted access to vhost '{PLACE}'")


@asynccontextmanager
async def relayed(stack: Stack) -> AsyncIterator[Relayed]:
    """Inside the block there is an outbox, and a broker for it."""
    async with AsyncExitStack() as at_end:
        tables = (create_outbox, create_outbox_quarantine)
        database_url = await at_end.enter_async_context(database_beside(stack, PLACE, tables))
        database = await asyncpg.connect(database_url)
        at_end.push_async_callback(database.close)
        await at_end.enter_async_context(_virtual_host(stack))
        admin = await aio_pika.connect(str(URL(stack.amqp_url).with_path(f"/{PLACE}")))
        at_end.push_async_callback(admin.close)
        channel = await admin.channel()
        for exchange in (OPEN, CLOSED):
            await channel.declare_exchange(exchange, "topic")
        queue = await channel.declare_queue(OPEN)
        await queue.bind(OPEN, "thing.#")
        amqp_url = str(URL(stack.broker.url("payment")).with_path(f"/{PLACE}"))
        yield Relayed(stack, database, channel, queue, database_url, amqp_url)


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[asyncio.Task[None]]:
    """The relay runs inside the block, and is never run again when it ends."""
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _virtual_host(stack: Stack) -> AsyncIterator[None]:
    async with management(stack) as api:
        (await api.put(f"/api/vhosts/{PLACE}")).raise_for_status()
        try:
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            (await api.put(f"/api/permissions/{PLACE}/{ADMIN}", json=everything)).raise_for_status()
            of_payment = {"configure": "^$", "write": "^open", "read": "^$"}
            (await api.put(f"/api/permissions/{PLACE}/payment", json=of_payment)).raise_for_status()
            yield
        finally:
            (await api.delete(f"/api/vhosts/{PLACE}")).raise_for_status()
