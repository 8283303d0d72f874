"""A publish is counted by what the real broker answered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.exceptions import DeliveryError
from counterstep.messaging.outbox.publisher import NotPublished, Publisher, publishing
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.exchanges import COMMANDS, DEAD_LETTERS, REPLIES, RETRY
from counterstep.topology.topology import Queue
from faults.broker import alarmed, limited
from infra.launcher.native.stack import Stack
from prometheus_client import REGISTRY

# To places of payment's own where a message harms nobody.
KEPT = Envelope(saga_id=uuid4(), type="x", exchange=DEAD_LETTERS, routing_key="payment.commands", body=b"{}")
RESTS_IN = "payment.commands.retry.30s"
RESTING = replace(KEPT, exchange=RETRY, routing_key="payment.commands.30s")
NOWHERE = replace(KEPT, exchange=REPLIES, routing_key="nobody")
NOT_OURS = replace(KEPT, exchange=COMMANDS, routing_key="inventory.release_stock")


@pytest.fixture
async def publisher(stack: Stack) -> AsyncIterator[Publisher]:
    async with publishing(stack.broker.url("payment"), "payment") as publisher:
        yield publisher


def counted(envelope: Envelope, outcome: str) -> float:
    labels = {"exchange": envelope.exchange, "outcome": outcome}
    return REGISTRY.get_sample_value("messaging_publishes_total", labels) or 0


async def assert_refused(publisher: Publisher, envelope: Envelope, outcome: str) -> None:
    before, confirmed = counted(envelope, outcome), counted(envelope, "confirmed")
    with pytest.raises(NotPublished):
        await publisher.publish(envelope)
    assert counted(envelope, outcome) == before + 1
    assert counted(envelope, "confirmed") == confirmed


async def test_what_the_broker_takes_is_confirmed(publisher: Publisher) -> None:
    before = counted(KEPT, "confirmed")
    await publisher.publish(KEPT)
    assert counted(KEPT, "confirmed") == before + 1


async def test_what_finds_no_queue_is_returned(publisher: Publisher) -> None:
    await assert_refused(publisher, NOWHERE, "returned")


async def test_what_the_sender_may_not_write_is_forbidden(publisher: Publisher) -> None:
    await assert_refused(publisher, NOT_OURS, "forbidden")


async def test_what_a_full_queue_refuses_is_nacked(stack: Stack, publisher: Publisher) -> None:
    before = counted(RESTING, "nacked")
    async with limited(stack, Queue(RESTS_IN, ()), 1):
        with pytest.raises(DeliveryError):
            await publish_until_refused(publisher, RESTING)
    await purge(stack, RESTS_IN)
    assert counted(RESTING, "nacked") == before + 1


async def test_what_the_broker_does_not_answer_in_time_has_timed_out(stack: Stack, publisher: Publisher) -> None:
    async with alarmed(stack, "memory"):
        await assert_refused(publisher, KEPT, "timeout")


async def publish_until_refused(publisher: Publisher, envelope: Envelope) -> None:
    """A quorum queue may take a few more than its limit before it refuses."""
    for _ in range(100):
        await publisher.publish(envelope)


async def purge(stack: Stack, queue: str) -> None:
    async with await aio_pika.connect(stack.amqp_url) as connection:
        await (await (await connection.channel()).get_queue(queue)).purge()
