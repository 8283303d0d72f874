"""How messages come in: FastStream subscribers that hand each delivery to the batches and leave the ack to them.

FastStream's defaults lose messages; what is set here is set for that. It declares nothing, answers to nobody,
acknowledges nothing by itself, resolves no types per message, and takes no more than `PREFETCH` at a time.
"""

from collections.abc import Mapping
from typing import Final

from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from yarl import URL

from messaging.batches import Batches, Delivery

PREFETCH: Final = 300
GRACE_SECONDS: Final = 20.0


def subscribe(name: str, amqp_url: str, feeds: Mapping[str, Batches]) -> RabbitBroker:
    """A broker, not started yet, whose subscribers feed the batches: queue → what gathers its deliveries."""
    broker = RabbitBroker(
        str(URL(amqp_url).update_query(heartbeat=15, name=f"{name} consumer")),
        app_id=name,
        default_channel=Channel(prefetch_count=PREFETCH, on_return_raises=True),
        reconnect_interval=1.0,
        graceful_timeout=GRACE_SECONDS,
        apply_types=False,
        logger=None,
    )
    for queue, batches in feeds.items():
        _feed(broker, queue, batches)
    return broker


def _feed(broker: RabbitBroker, queue: str, batches: Batches) -> None:
    async def as_delivery(message: RabbitMessage) -> Delivery:
        return Delivery(queue, message.raw_message)

    subscriber = broker.subscriber(
        RabbitQueue(queue, queue_type=QueueType.QUORUM, declare=False),
        channel=Channel(prefetch_count=PREFETCH, on_return_raises=True),
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
        decoder=as_delivery,
    )
    subscriber(batches.receive)
