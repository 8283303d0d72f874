"""A publish is counted by what the real broker answered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.exceptions import DeliveryError
from counterstep.messaging.outbox.publisher import NotPublished, Publisher, publishing
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.exchanges import COMMANDS, REPLIES
from counterstep.topology.topology import Queue
from faults.broker import alarmed, limited
from infra.launcher.native.stack import Stack
from prometheus_client import REGISTRY

QUEUE = "replies-to-a-test"
KEPT = Envelope(saga_id=uuid4(), type="x", exchange=REPLIES, routing_key=QUEUE, body=b"{}")
NOWHERE = replace(KEPT, routing_key="nobody")
NOT_OURS = replace(KEPT, exchange=COMMANDS, routing_key="inventory.release_stock")


@pytest.fixture
async def publisher(stack: Stack) -> AsyncIterator[Publisher]:
    """Payment's, beside a queue into which it may publish and that nobody consumes."""
    async with await aio_pika.connect(stack.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(REPLIES, QUEUE)
        async with publishing(stack.broker.url("payment"), "payment") as publisher:
            yield publisher
        await queue.delete(if_unused=False, if_empty=False)


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
    before = counted(KEPT, "nacked")
    async with limited(stack, Queue(QUEUE, ()), 1):
        with pytest.raises(DeliveryError):
            await publish_until_refused(publisher, KEPT)
    assert counted(KEPT, "nacked") == before + 1


async def test_what_the_broker_does_not_answer_in_time_has_timed_out(stack: Stack, publisher: Publisher) -> None:
    async with alarmed(stack, "memory"):
        await assert_refused(publisher, KEPT, "timeout")


async def publish_until_refused(publisher: Publisher, envelope: Envelope) -> None:
    """A quorum queue may take a few more than its limit before it refuses."""
    for _ in range(100):
        await publisher.publish(envelope)
