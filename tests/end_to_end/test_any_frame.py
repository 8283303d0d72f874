"""Frames that no client library would write: the connection lives, and the message becomes a dead letter."""

from contextlib import suppress
from uuid import uuid4

import aio_pika
import httpx2
import pytest
from contracts.topology import SERVICES, SHOP
from counterstep.messaging.wire.amqp import from_amqp
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.messaging.wire.frames import MALFORMED
from counterstep.messaging.wire.tolerant import decode_any_frame
from counterstep.protocol.headers import LARGEST_BODY
from faults.databases import databases
from infra.launcher.native.stack import Stack
from malformed import malformed, named
from raw_amqp import ClosedError, raw_publisher
from raw_frames import flagged, long, properties, short, table, text
from shop import PLENTY, Shop
from waiting import eventually

QUEUES = [queue.name for queue in SHOP.consumed_queues()]
LARGE = 2 * LARGEST_BODY
REASON = "the properties are malformed: "


async def test_no_frame_that_the_broker_takes_ends_a_connection_and_each_is_a_dead_letter(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    before = await connections(shop)
    taken = await publish_malformed(shop)
    assert len(taken) >= 15 * len(QUEUES)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    assert order["status"] == "confirmed"

    async def missing() -> set[str]:
        found = await letters(shop)
        return {kind for body, kind in taken.items() if not found.get(body, "").startswith(REASON)}

    await eventually(missing, until=lambda kinds: not kinds)
    assert await connections(shop) == before


async def test_nobody_can_name_another_sender_than_the_broker_has_checked(stack: Stack) -> None:
    """A classic queue of RabbitMQ 3 keeps a reserved flag, which it ignores and the library takes for more flags.

    RabbitMQ 4 writes the properties again, without that flag.
    """
    decode_any_frame()
    hidden = properties(content_type=short("x"), user_id=short("orchestrator"))[2:]
    forged = flagged(named(content_type=short(b"\0" + hidden), user_id=short("admin")), 1)
    async with await aio_pika.connect(stack.amqp_url) as connection, raw_publisher(stack.amqp_url) as publisher:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        assert await publisher.publish("", queue.name, forged, b"{}") == "confirmed"
        message = await queue.get()
    assert message.user_id == "admin"
    if MALFORMED in message.headers:
        with pytest.raises(UndecodableError, match="a reserved flag"):
            from_amqp(message, reader="order")
    else:
        assert from_amqp(message, reader="order").sender == "admin"


async def test_an_address_that_is_not_utf_8_ends_no_connection(shop: Shop) -> None:
    before = await connections(shop)
    copied = named(headers=table(("CC", b"A" + long(text("payment.commands")))))
    body = uuid4().bytes
    async with raw_publisher(shop.stack.amqp_url) as publisher:
        assert await publisher.publish("", b"caf\xe9", copied, body) == "confirmed"
    assert (await letter(shop, body)).startswith("the address is not UTF-8")
    assert await connections(shop) == before


async def test_large_messages_become_dead_letters_and_their_pages_stay_small(shop: Shop) -> None:
    ids = [uuid4() for _ in range(20)]
    async with raw_publisher(shop.stack.amqp_url) as publisher:
        for each in ids:
            raw = named(message_id=short(str(each)), user_id=short("admin"))
            assert await publisher.publish("", "orchestrator.replies", raw, b" " * LARGE) == "confirmed"
    for each in ids:
        path = f"/dead-letters/{each}"

        async def read(path: str = path) -> httpx2.Response:
            return await shop.call("GET", "orchestrator", path)

        answer = await eventually(read, until=lambda seen: seen.status_code == 200)
        assert f"the body has {LARGE:,} bytes" in answer.json()["reason"]
        assert len(answer.content) < 20_000
    whole = await shop.call("GET", "orchestrator", path, params={"whole": True})
    assert len(whole.json()["body"]) == LARGEST_BODY


async def publish_malformed(shop: Shop) -> dict[bytes, str]:
    """Every kind into every queue; gives the body of each message that the broker has taken, and its kind."""
    taken = {}
    for queue, kind, raw in ((queue, *each) for queue in QUEUES for each in malformed().items()):
        body = uuid4().bytes
        with suppress(ClosedError):
            async with raw_publisher(shop.stack.amqp_url) as publisher:
                await publisher.publish("", queue, raw, body)
                taken[body] = f"{kind} in {queue}"
    return taken


async def letters(shop: Shop) -> dict[bytes, str]:
    """The bodies of all dead letters, and the reasons."""
    query = "SELECT body, reason FROM dead_letters"
    async with databases(shop.stack) as opened:
        return {body: reason for name in opened.connections for body, reason in await opened.rows(name, query)}


async def letter(shop: Shop, body: bytes) -> str:
    """The reason of the dead letter with this body, once it is there."""
    return (await eventually(lambda: letters(shop), until=lambda found: body in found))[body]


async def connections(shop: Shop) -> set[str]:
    """The connections of the services, by the ports of both ends: another connection has another name."""
    async with shop.stack.broker.management() as api:
        found = (await api.get("/api/connections")).json()
    return {each["name"] for each in found if each["user"] in SERVICES}
