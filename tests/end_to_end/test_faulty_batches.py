"""A batch costs one transaction, however many of its messages are faulty: counted, not timed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from contracts.inventory import StockReserved
from contracts.order import ApproveOrder
from contracts.payment import PaymentAuthorized
from contracts.topology import SHOP
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.failed import Failed
from counterstep.messaging.consumer.fingerprint import fingerprint
from counterstep.messaging.consumer.handling import Handling
from counterstep.messaging.consumer.letter_ids import claimable
from counterstep.messaging.consumer.origin import BrokerOrigin, Receipt
from counterstep.messaging.database.database import Database
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.outbox.relay import Relay
from counterstep.messaging.wire.envelope import Envelope, command, reply
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Reply
from infra.launcher.native.stack import Stack
from orchestrator.sagas import SAGAS
from order.handlers import order as order_service
from shop import PLENTY, Shop


class Counted(PlatformTransactions):
    """Real transactions on the service's database, whose relay does not run; and how many were opened."""

    opened = 0

    def __call__(self) -> Any:
        self.opened += 1
        return super().__call__()


class Channel:
    """A channel of which it is only asked what was acknowledged."""

    is_closed = False

    def __init__(self) -> None:
        self.acknowledged = 0

    async def basic_ack(self, tag: int, *, multiple: bool) -> None:
        self.acknowledged = tag if multiple else self.acknowledged


@asynccontextmanager
async def handling(stack: Stack, consumer: Consumer) -> AsyncIterator[tuple[Handling, Counted]]:
    url = stack.database_url(consumer.name)
    database = Database(url)
    relay = Relay(sender=consumer.name, amqp_url=stack.broker.url(consumer.name), database_url=url)
    transactions = Counted(database, relay)
    yield Handling(consumer, consumer.work, transactions, uuid4(), _never), transactions
    await database.close()


def _never(delivery: Delivery, _after: Any) -> None:
    raise AssertionError(f"{delivery.envelope} was not settled")


def delivered(queue: str, envelopes: Sequence[Envelope]) -> tuple[list[Delivery], Channel]:
    channel: Any = Channel()
    return [
        Delivery(queue, envelope, BrokerOrigin(Receipt(channel, tag), is_repeated=False))
        for tag, envelope in enumerate(envelopes, 1)
    ], channel


def answered(saga_id: UUID, answer: Reply, sender: str) -> Envelope:
    """A reply to the reservation of the stock, from this sender."""
    headers = Headers(
        step="reserve_stock", direction="forward", attempt=1, reply_key=SHOP.orchestrator, sender=sender
    )
    return reply(answer, saga_id=saga_id, headers=headers)


async def rows(stack: Stack, service: str, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(stack.database_url(service))
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def test_a_batch_full_of_forgeries_is_one_transaction_and_the_others_of_it_count(
    stack: Stack, shop: Shop
) -> None:
    """They are its sender's to send, and of the right shape. Only the instance tells that they are forged."""
    sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
    saga_id = UUID((await shop.ended(await shop.place(ada, {sku: 1})))["saga_id"])
    await shop.saga_ended(str(saga_id))
    forged = [answered(saga_id, PaymentAuthorized(authorization_id=uuid4()), "payment") for _ in range(100)]
    sound = [answered(saga_id, StockReserved(), "inventory") for _ in range(100)]
    batch, channel = delivered(
        "orchestrator.replies", [each for pair in zip(forged, sound, strict=True) for each in pair]
    )
    async with handling(stack, Orchestrator(SAGAS, SHOP)) as (handle, transactions):
        await handle(batch)
    assert transactions.opened == 1
    assert channel.acknowledged == len(batch)
    ids = [each.message_id for each in forged]
    letters = await rows(stack, "orchestrator", "SELECT reason FROM dead_letters WHERE message_id = ANY($1)", ids)
    assert len(letters) == len(forged)
    assert all(reason.startswith("forged: payment answered") for (reason,) in letters)
    query = "SELECT ignored FROM saga_runs WHERE saga_id = $1"
    assert await rows(stack, "orchestrator", query, saga_id) == [(len(sound),)]


async def test_a_batch_of_which_every_handler_raises_is_one_transaction(stack: Stack) -> None:
    headers = Headers(
        step="approve_order", direction="forward", attempt=1, reply_key=SHOP.orchestrator, sender=SHOP.orchestrator
    )
    unknown = [command(ApproveOrder(order_id=uuid4()), saga_id=uuid4(), headers=headers) for _ in range(5)]
    batch, channel = delivered("order.commands", [*unknown, *unknown])
    async with handling(stack, order_service) as (handle, transactions):
        await handle(batch)
    assert (transactions.opened, channel.acknowledged) == (1, 10)
    query = "SELECT reason FROM retries WHERE message_id = ANY($1)"
    kept = await rows(stack, "order", query, [each.message_id for each in unknown])
    assert len(kept) == len(unknown)
    assert all("there is no Order" in reason for (reason,) in kept)


async def test_no_letter_is_lost_whatever_ids_the_senders_of_their_messages_choose(stack: Stack) -> None:
    """Three messages claim one id. A fourth has taken the id that the letter of the third would get."""
    claimed = uuid4()
    three = [replace(answered(uuid4(), StockReserved(), "payment"), message_id=claimed) for _ in range(3)]
    ids = second_ids(three)
    fourth = replace(answered(uuid4(), StockReserved(), "payment"), message_id=ids[2])
    async with handling(stack, Orchestrator(SAGAS, SHOP)) as (handle, transactions):
        for _ in range(2):
            batch, channel = delivered("orchestrator.replies", [fourth, *three])
            await handle(batch)
            assert channel.acknowledged == len(batch)
    assert transactions.opened == 2
    query = "SELECT deaths, claimed_id FROM dead_letters WHERE saga_id = $1"
    kept = [await rows(stack, "orchestrator", query, each.saga_id) for each in (fourth, *three)]
    assert kept == [[(2, ids[2])], [(2, claimed)], [(2, claimed)], [(1, claimed), (1, claimed)]]


def second_ids(envelopes: Sequence[Envelope]) -> list[UUID]:
    """The ids of their letters where the ids of the messages are taken."""
    queue = "orchestrator.replies"
    return [
        claimable(Failed(queue=queue, envelope=each, fingerprint=fingerprint(queue, each), failures=1, reason=""))[
            1
        ]
        for each in envelopes
    ]
