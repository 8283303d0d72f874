"""Consuming: FastStream subscribers that hand over each delivery, and leave its acknowledgement to the receiver.

FastStream's defaults would lose messages, so each option below is set on purpose. A subscriber declares nothing,
sends no reply, acknowledges nothing by itself, and is given at most `PREFETCH` unacknowledged deliveries.

A lost consumer comes back without our help in nearly every case. aio-pika restores the connection, its channels
and their consumers after an outage; after the broker has cancelled a consumer, as it does when a queue is deleted,
aio-pika looks for the queue once in every reconnect interval until it is there again. Two things remain to be
done here. A channel that the broker closed, and that could not be opened again at once, is restored by `_watch`.
And `health` says which queue is not consumed. Both read what aiormq knows already; nothing is sent for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final, TypeAlias, cast

import structlog
from aio_pika.abc import AbstractRobustChannel
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from aiormq import Channel as UnderlyingChannel
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from yarl import URL

from counterstep.messaging.consumer.delivery import Delivery, deliveries_of

PREFETCH: Final = 300
"""How many AMQP messages of one queue may be unacknowledged at a time: messages alone, or packs."""

GRACE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 1.0
RESTORE_SECONDS: Final = 5.0

Receive: TypeAlias = Callable[[Delivery], Awaitable[None]]
"""Takes a delivery over, with the duty to have it acknowledged."""

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[RabbitBroker]]
"""Gives a connected broker for as long as the block lasts."""

log = structlog.get_logger()


def dedicated(name: str, amqp_url: str) -> Connect:
    """A broker for these consumers alone: opened with the block and closed with it."""
    url = URL(amqp_url).update_query(heartbeat=15, name=f"{name} consumer")

    def connect() -> AbstractAsyncContextManager[RabbitBroker]:
        return RabbitBroker(
            str(url),
            app_id=name,
            reconnect_interval=1.0,
            graceful_timeout=GRACE_SECONDS,
            logger=None,  # one line for each message is too many
            apply_types=False,  # a receiver takes a `Delivery` as it is
        )

    return connect


def shared(broker: RabbitBroker) -> Connect:
    """The broker of an application, which opens and closes it.

    Its middlewares see the messages of sagas as they see all others.
    """

    @asynccontextmanager
    async def connect() -> AsyncIterator[RabbitBroker]:
        if not (broker.running and await broker.ping(timeout=1.0)):  # `start` would start our subscribers twice
            raise ConnectionError("the application's broker is not started: call `await broker.start()` first")
        yield broker

    return connect


class BrokerConsumer:
    """The consuming side of one service process: `receivers` maps each queue to what receives its deliveries."""

    def __init__(self, connect: Connect, receivers: Mapping[str, Receive]) -> None:
        self._connect = connect
        self._receivers = receivers
        self._channels = {queue: Channel(prefetch_count=PREFETCH) for queue in receivers}
        self._broker: RabbitBroker | None = None
        self._subscriptions: list[_Subscription] = []
        self._stopping = False

    async def run(self) -> None:
        """Consume until cancelled. Raises where the broker is not there at the beginning, or lacks a queue."""
        async with self._connect() as broker, AsyncExitStack() as at_end:
            self._broker = broker
            at_end.callback(self._forget)
            for queue, receive in self._receivers.items():
                subscription = _Subscription(broker, queue, self._channels[queue], receive)
                at_end.push_async_callback(subscription.stop)
                self._subscriptions.append(subscription)
                await subscription.start()
            await self._watch(broker)

    async def stop(self) -> None:
        """Take nothing new, for good. What was delivered can still be acknowledged."""
        self._stopping = True
        for subscription in self._subscriptions:
            await subscription.stop()

    async def health(self) -> str:
        """`ok`, or what is wrong."""
        if self._broker is None or not await self._broker.ping(timeout=1.0):
            return "not connected to the broker"
        if lost := await self._lost():
            return f"not consuming {', '.join(each.queue for each in lost)}"
        return "ok"

    def _forget(self) -> None:
        self._broker = None
        self._subscriptions = []

    async def _watch(self, broker: RabbitBroker) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._stopping and await broker.ping(timeout=LOOK_SECONDS):
                for subscription in await self._lost():
                    await subscription.restore()

    async def _lost(self) -> list["_Subscription"]:
        return [each for each in self._subscriptions if not await each.is_consuming()]


class _Subscription:
    """One queue's subscriber, which a user of FastStream would write in the same way."""

    def __init__(self, broker: RabbitBroker, queue: str, channel: Channel, receive: Receive) -> None:
        async def decode(message: RabbitMessage) -> Sequence[Delivery]:
            return deliveries_of(queue, message.raw_message)

        async def receive_each(deliveries: Sequence[Delivery]) -> None:
            if len(deliveries) == 1:
                await receive(deliveries[0])
            else:  # a plug-in may hold one back, and not the others of its pack
                await asyncio.gather(*map(receive, deliveries))

        self.queue = queue
        self._broker = broker
        self._declared = RabbitQueue(queue, queue_type=QueueType.QUORUM, declare=False)
        self._subscriber = broker.subscriber(
            self._declared,
            channel=channel,
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=decode,
            persistent=False,  # it is started here, and only after the broker
            include_in_schema=False,  # the topology's own AsyncAPI document describes these messages
        )
        self._subscriber(receive_each)
        self._started = False

    async def start(self) -> None:
        """Begin to consume. Raises where the queue does not exist."""
        await self._subscriber.start()
        self._started = True

    async def stop(self) -> None:
        """Cancel the consumer; its channel stays open for acknowledgements."""
        await self._subscriber.stop()

    async def is_consuming(self) -> bool:
        """Whether its channel is open and has a consumer, as far as this process knows."""
        if not self._started:
            return False
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                channel = cast(UnderlyingChannel, await (await self._channel()).get_underlay_channel())
        except (ChannelInvalidStateError, TimeoutError):
            return False
        return not channel.is_closed and bool(channel.consumers)

    async def restore(self) -> None:
        """Open a closed channel again, and its consumer with it; nothing happens where the channel is open."""
        try:
            async with asyncio.timeout(RESTORE_SECONDS):
                await (await self._channel()).restore()
        except (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError) as error:
            log.warning("not consuming, will try again", queue=self.queue, error=repr(error))

    async def _channel(self) -> AbstractRobustChannel:
        """FastStream keeps what it has declared, so this is the subscriber's own channel and asks nobody."""
        return cast(AbstractRobustChannel, (await self._broker.declare_queue(self._declared)).channel)
