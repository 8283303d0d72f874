"""How messages come in: FastStream subscribers that hand each delivery to the batches and leave the ack to them.

FastStream's defaults lose messages; what is set here is set for that. It declares nothing, answers to nobody,
acknowledges nothing by itself, and takes no more than `PREFETCH` at a time.

A consumer can be gone while its connection lives: the broker cancels it when its queue is deleted, and a channel
that could not be restored stays closed. So consuming begins anew, on a new connection, as soon as the broker
cancels a consumer, and where it knows none when it is asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

import aio_pika
from aio_pika import RobustQueue
from aio_pika.abc import AbstractIncomingMessage
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue
from yarl import URL

from counterstep.messaging.consumer.delivery import Delivery

PREFETCH: Final = 300
GRACE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 5.0

Receive: TypeAlias = Callable[[Delivery], Awaitable[None]]


class ConsumerLostError(Exception):
    """The broker knows no consumer of a queue that this process consumes."""


class BrokerConsumer:
    """The consuming side of one service process: queue → what receives its deliveries."""

    def __init__(self, name: str, amqp_url: str, feeds: Mapping[str, Receive]) -> None:
        self._name = name
        self._url = URL(amqp_url).update_query(heartbeat=15)
        self._feeds = feeds
        self._broker: RabbitBroker | None = None
        self._stopping = False

    async def run(self) -> None:
        """Consume until a consumer is missing; raises then, or where the broker is not there."""
        self._broker = broker = self._new_broker()
        try:
            await broker.start()
            await self._watch(broker)
        finally:
            self._broker = None
            await broker.stop()

    async def stop(self) -> None:
        """Take nothing new, for good; what was delivered can still be acknowledged."""
        self._stopping = True
        if self._broker:
            for subscriber in self._broker.subscribers:
                await subscriber.stop()

    async def health(self) -> str:
        """`ok`, or what is wrong."""
        connected = self._broker is not None and await self._broker.ping(timeout=1.0)
        return "ok" if connected else "not connected to the broker"

    def _new_broker(self) -> RabbitBroker:
        broker = RabbitBroker(
            str(self._url.update_query(name=f"{self._name} consumer")),
            app_id=self._name,
            default_channel=Channel(prefetch_count=PREFETCH, on_return_raises=True),
            reconnect_interval=1.0,
            graceful_timeout=GRACE_SECONDS,
            logger=None,
        )
        for queue, receive in self._feeds.items():
            _feed(broker, queue, receive)
        return broker

    async def _watch(self, broker: RabbitBroker) -> None:
        cancelled = asyncio.Event()
        while True:
            # A consumer that we have stopped is not missed: what it was given is still being acknowledged.
            if not self._stopping and await self.health() == "ok":
                await self._look_for_consumers()
                await _listen_for_cancels(broker, cancelled)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await cancelled.wait()
            if cancelled.is_set():
                raise ConsumerLostError("the broker has cancelled a consumer")

    async def _look_for_consumers(self) -> None:
        """A connection of its own, because asking for a queue that is not there closes the channel."""
        url = self._url.update_query(name=f"{self._name} watch")
        async with await aio_pika.connect(url, timeout=LOOK_SECONDS) as connection:
            for name in self._feeds:
                channel = await connection.channel()
                queue = await channel.declare_queue(name, passive=True, timeout=LOOK_SECONDS)
                if not queue.declaration_result.consumer_count:
                    raise ConsumerLostError(f"{name} has no consumer")


async def _listen_for_cancels(broker: RabbitBroker, cancelled: asyncio.Event) -> None:
    """Again after each reconnect, because it is the channel below that hears of it."""
    for subscriber in broker.subscribers:
        # FastStream tells of a cancelled consumer in no other way.
        queue: RobustQueue | None = getattr(subscriber, "_queue_obj", None)
        if queue and not queue.channel.is_closed:
            channel = await queue.channel.get_underlay_channel()
            channel.on_consumer_cancel_callbacks.clear()  # aio-pika's own recovery
            channel.on_consumer_cancel_callbacks.add(lambda _: cancelled.set())


def _feed(broker: RabbitBroker, queue: str, receive: Receive) -> None:
    subscriber = broker.subscriber(
        RabbitQueue(queue, queue_type=QueueType.QUORUM, declare=False),
        channel=Channel(prefetch_count=PREFETCH, on_return_raises=True),
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
    )
    subscriber(receive)

    async def straight_to_the_batches(message: AbstractIncomingMessage) -> None:
        if subscriber.running:
            await receive(Delivery(queue, message))

    # FastStream keeps the connection, its channels and its consumers. Of what it does with each message nothing is
    # used here, and it would cost more than all else between the socket and the batch.
    subscriber.consume = straight_to_the_batches  # type: ignore[method-assign, assignment] # as above
