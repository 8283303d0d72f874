"""Messages that somebody writes who has the password of one service."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

import aio_pika
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from shop import Shop

FORWARD: Final[Mapping[str, Any]] = {"direction": "forward", "attempt": 1, "reply_key": "orchestrator"}


class Forged(NamedTuple):
    """Who sends it, and what: a reply to this step."""

    sender: str
    step: str
    reply: Message
    direction: str = "forward"


async def send(shop: Shop, sender: str, exchange: str, key: str, message: Message, **more: Any) -> str:
    """Send this with the sender's own user and password, by the broker's own rules; gives its id."""
    message_id = str(uuid4())
    properties = {
        "message_id": message_id,
        "type": type_name(type(message)),
        "user_id": sender,
        "delivery_mode": aio_pika.DeliveryMode.PERSISTENT,
        **more,
    }
    async with await aio_pika.connect(shop.stack.broker.url(sender)) as connection:
        channel = await connection.channel(on_return_raises=True)
        target = await channel.get_exchange(exchange, ensure=False)
        await target.publish(aio_pika.Message(message.model_dump_json().encode(), **properties), key)
    return message_id


async def answer(shop: Shop, saga_id: str, forged: Forged) -> str:
    headers = {**FORWARD, "step": forged.step, "direction": forged.direction}
    return await send(
        shop,
        forged.sender,
        "replies",
        "orchestrator",
        forged.reply,
        correlation_id=saga_id,
        headers=headers,
    )
