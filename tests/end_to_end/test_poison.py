"""What cannot be handled is kept as a dead letter, and harms nothing else."""

import asyncio
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage
from contracts.order import ApproveOrder
from contracts.payment import AuthorizePayment
from shop import PLENTY, Shop
from waiting import eventually

STEP = {"step": "x", "direction": "forward", "attempt": 1, "reply_key": "orchestrator"}
AUTHORIZE = "payment.authorize_payment.v1"

POISON: dict[str, dict[str, Any]] = {
    "no JSON": {"body": b"\x00\xff", "type": AUTHORIZE, "headers": STEP},
    "an unknown type": {"body": b"{}", "type": "payment.print_money.v1", "headers": STEP},
    "an unknown version": {"body": b"{}", "type": "payment.authorize_payment.v99", "headers": STEP},
    "a missing field": {"body": b"{}", "type": AUTHORIZE, "headers": STEP},
    "an event where a command belongs": {"body": b"{}", "type": "order.order_placed.v1", "headers": STEP},
    "no step": {"body": b"{}", "type": AUTHORIZE, "headers": {}},
    "a wild header": {"body": b"{}", "type": AUTHORIZE, "headers": {**STEP, "attempt": -7}},
    "no saga": {"body": b"{}", "type": AUTHORIZE, "headers": STEP, "correlation_id": "none"},
}


async def publish(shop: Shop, queue: str, poison: dict[str, Any]) -> str:
    """Put a message straight into a queue; gives its id."""
    message_id = str(uuid4())
    properties = {"message_id": message_id, "correlation_id": str(uuid4()), **poison}
    async with await aio_pika.connect(shop.stack.amqp_url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(Message(**properties), queue)
    return message_id


async def dead_letter(shop: Shop, queue: str, message_id: str, *, within: float) -> AbstractIncomingMessage:
    """The dead letter of that id, taken from its queue."""
    async with await aio_pika.connect(shop.stack.amqp_url) as connection:
        channel = await connection.channel()
        letters = await channel.get_queue(queue, ensure=False)

        async def take() -> AbstractIncomingMessage | None:
            return await letters.get(fail=False, no_ack=True)

        def wanted(letter: AbstractIncomingMessage | None) -> bool:
            return letter is not None and letter.message_id == message_id

        letter = await eventually(take, until=wanted, within=within)
        assert letter is not None
        return letter


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_what_can_never_be_read_is_a_dead_letter_at_once_with_its_reason(
    shop: Shop, poison: dict[str, Any]
) -> None:
    message_id = await publish(shop, "payment.commands", poison)
    letter = await dead_letter(shop, "payment.dead_letters", message_id, within=10)
    assert letter.body == poison["body"]
    assert letter.headers["origin"] == "payment.commands"
    assert letter.headers["reason"]


async def test_a_command_that_names_a_strange_reply_address_is_a_dead_letter(shop: Shop) -> None:
    command = AuthorizePayment(order_id=uuid4(), customer_id="ada", amount={"amount": 1})
    headers = {**STEP, "reply_key": "q|no.such.exchange"}
    poison = {"body": command.model_dump_json().encode(), "type": AUTHORIZE, "headers": headers}
    message_id = await publish(shop, "payment.commands", poison)
    letter = await dead_letter(shop, "payment.dead_letters", message_id, within=10)
    assert "is no reply address" in str(letter.headers["reason"])


async def test_a_command_whose_handler_raises_climbs_the_ladder_and_harms_no_neighbour(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 100), await shop.customer("ada", PLENTY)
    unknown_order = ApproveOrder(order_id=uuid4()).model_dump_json().encode()
    poison = {"body": unknown_order, "type": "order.approve_order.v1", "headers": STEP}
    placing = asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(50)))
    message_id = await publish(shop, "order.commands", poison)
    orders = await shop.all_ended(await placing)
    assert {order["status"] for order in orders} == {"confirmed"}
    letter = await dead_letter(shop, "order.dead_letters", message_id, within=90)
    assert letter.headers["failures"] == 4
    assert "LookupError" in str(letter.headers["reason"])
