"""Messages of the right sender that come again and again: they are counted, and harm nobody."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import aio_pika
from contracts.catalogue import Line
from contracts.money import Money
from contracts.order import OrderPlaced
from contracts.payment import PaymentAuthorized
from counterstep.protocol.naming import type_name
from forging import FORWARD, send
from poison import dead_letter
from shop import PLENTY, Shop
from waiting import eventually

REPEATS = 2_000
LARGEST_ANSWER = 64 * 1024


async def repeat(shop: Shop, saga_id: str, times: int) -> None:
    """Payment answers its step that many times more, by messages of its own."""
    body = PaymentAuthorized(authorization_id=uuid4()).model_dump_json().encode()
    async with await aio_pika.connect(shop.stack.broker.url("payment")) as connection:
        exchange = await (await connection.channel()).get_exchange("replies", ensure=False)
        for part in range(0, times, 100):
            again = (reply(body, saga_id) for _ in range(min(100, times - part)))
            await asyncio.gather(*(exchange.publish(each, "orchestrator") for each in again))


def reply(body: bytes, saga_id: str) -> aio_pika.Message:
    return aio_pika.Message(
        body,
        message_id=str(uuid4()),
        correlation_id=saga_id,
        type=type_name(PaymentAuthorized),
        user_id="payment",
        headers={**FORWARD, "step": "authorize_payment"},
    )


async def paged(shop: Shop, saga_id: str) -> list[Any]:
    entries, cursor = list[Any](), ""
    while True:
        page = await shop.get("orchestrator", f"/sagas/{saga_id}/history?limit=7{cursor}")
        entries += page["items"]
        if page["next_cursor"] is None:
            return entries
        cursor = f"&cursor={page['next_cursor']}"


async def test_replies_to_an_ended_saga_are_counted_and_its_history_stays_short(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    before = await shop.saga_ended(order["saga_id"])
    await repeat(shop, order["saga_id"], REPEATS)

    async def read() -> Any:
        return await shop.saga(order["saga_id"])

    saga = await eventually(read, until=lambda seen: seen["ignored"] == before["ignored"] + REPEATS, within=60)
    entries = saga["history"]
    assert entries[: len(before["history"])] == before["history"]
    assert [each["event"] for each in entries].count("ignored") == 20
    assert saga["history_cursor"] is None
    assert await paged(shop, order["saga_id"]) == entries
    answer = await shop.call("GET", "orchestrator", f"/sagas/{order['saga_id']}")
    assert len(answer.content) < LARGEST_ANSWER
    assert (await shop.ended(await shop.place(ada, {sku: 1})))["status"] == "confirmed"


async def test_a_saga_about_an_order_that_was_never_placed_ends(shop: Shop) -> None:
    """Its first command is refused, so that it is compensated, and there is no order to reject."""
    line = Line(sku=shop.named("nothing"), quantity=1)
    placed = OrderPlaced(
        order_id=uuid4(),
        customer_id=shop.named("nobody"),
        lines=(line,),
        total=Money(amount=1),
        needs_review=False,
    )
    saga_id = str(uuid4())
    await send(shop, "order", "events.order", "order.order_placed", placed, correlation_id=saga_id, headers={})

    async def read() -> Any:
        return (await shop.call("GET", "orchestrator", f"/sagas/{saga_id}")).json()

    await eventually(read, until=lambda seen: seen["status"] == "compensated")


async def test_one_order_has_one_saga_whatever_ids_its_event_comes_with(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    line = Line(sku=sku, quantity=1)
    placed = OrderPlaced(
        order_id=UUID(order["order_id"]),
        customer_id=ada,
        lines=(line,),
        total=Money(amount=order["total"]["amount"]),
        needs_review=False,
    )
    second = str(uuid4())
    message_id = await send(
        shop, "order", "events.order", "order.order_placed", placed, correlation_id=second, headers={}
    )
    letter = await dead_letter(shop, "orchestrator", message_id, within=10)
    assert f"is saga {order['saga_id']} already" in letter["reason"]
    assert (await shop.call("GET", "orchestrator", f"/sagas/{second}")).status_code == 404
    found = await shop.get("orchestrator", f"/sagas?key={order['order_id']}")
    assert [each["saga_id"] for each in found["items"]] == [order["saga_id"]]
    assert (await shop.order(order["order_id"]))["status"] == "confirmed"
