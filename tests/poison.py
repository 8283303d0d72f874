"""Messages that cannot be handled, and the dead letters that become of them."""

from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika import Message
from contracts.topology import SHOP
from impersonator import impersonator
from shop import Shop
from waiting import eventually

STEP = {"step": "x", "direction": "forward", "attempt": 1, "reply_key": "orchestrator"}
AUTHORIZE = "payment.authorize_payment.v1"
INCOMPLETE: dict[str, Any] = {"body": b"{}", "type": AUTHORIZE, "headers": STEP}


async def publish(shop: Shop, queue: str, poison: dict[str, Any]) -> str:
    """Put a message of the orchestrator's, unless it names another sender, straight into a queue; gives its id."""
    message_id = str(uuid4())
    properties = {
        "message_id": message_id,
        "correlation_id": str(uuid4()),
        "user_id": SHOP.orchestrator,
        **poison,
    }
    async with impersonator(shop.stack) as url, await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(Message(**properties), queue)
    return message_id


async def dead_letter(shop: Shop, service: str, message_id: str, *, within: float) -> Any:
    """The dead letter of that id, once it waits."""

    async def read() -> Any:
        return (await shop.call("GET", service, f"/dead-letters/{message_id}")).json()

    return await eventually(read, until=lambda seen: seen["status"] == "waiting", within=within)
