"""Envelopes for tests, and how they come in."""

from typing import Any
from uuid import UUID

from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from counterstep.messaging.consumer.delivery import Delivery, deliveries_of
from counterstep.messaging.wire.amqp import to_amqp
from counterstep.messaging.wire.envelope import Envelope, command
from counterstep.protocol.headers import Headers
from pamqp.commands import Basic
from pamqp.header import ContentHeader
from travel.contracts.hotel import CancelHotel


class Open:
    """A channel by which nobody acknowledges anything."""

    is_closed = False


OPEN = Open()
SAGA = UUID(int=7)
HEADERS = Headers(step="book_hotel", direction="compensation", attempt=1, reply_key="orchestrator")


def a_command(headers: Headers = HEADERS) -> Envelope:
    return command(CancelHotel(trip="rome"), saga_id=SAGA, headers=headers)


def delivered(
    channel: Any = OPEN,
    *,
    user_id: str | None = "orchestrator",
    headers: Headers = HEADERS,
    body: bytes | None = None,
) -> Delivery:
    """A command of this user, as it comes in by this channel, as its first delivery."""
    envelope = a_command(headers)
    properties = to_amqp(envelope, sender="")
    properties.user_id = user_id
    message = DeliveredMessage(
        delivery=Basic.Deliver(delivery_tag=1),
        header=ContentHeader(properties=properties),
        body=envelope.body if body is None else body,
        channel=channel,
    )
    (delivery,) = deliveries_of("hotel.commands", IncomingMessage(message))
    return delivery
