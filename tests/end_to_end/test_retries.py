"""What failed waits in the database of its service: nothing is lost there, nothing is done twice."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from contracts.money import Money
from contracts.order import ApproveOrder
from contracts.payment import AuthorizePayment
from deadly import DEADLY
from faults.processes import up
from infra.components.server import ENV_FILE
from infra.launcher.native.stack import Stack
from outages import stopped
from poison import AUTHORIZE, INCOMPLETE, STEP, dead_letter, publish
from shop import Shop
from waiting import eventually

APPROVE = "order.approve_order.v1"


def unknown_order() -> dict[str, Any]:
    """A command whose handler raises, because there is no such order."""
    return {"body": ApproveOrder(order_id=uuid4()).model_dump_json().encode(), "type": APPROVE, "headers": STEP}


async def rows(stack: Stack, service: str, query: str, *arguments: Any) -> list[Any]:
    """What the service's database answers."""
    connection = await asyncpg.connect(stack.database_url(service))
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()


async def waiting(shop: Shop, service: str) -> dict[str, int]:
    """How many messages of each queue wait for their next try."""
    counts: dict[str, int] = (await shop.call("GET", service, "/retries")).json()["waiting"]
    return counts


async def test_a_message_that_waits_is_seen_with_why_and_is_no_letter_yet(shop: Shop) -> None:
    message_id = await publish(shop, "order.commands", unknown_order())
    await eventually(lambda: waiting(shop, "order"), until=lambda counts: counts.get("order.commands", 0) > 0)
    listed = (await shop.call("GET", "order", "/retries/messages")).json()
    (kept,) = [each for each in listed if each["message_id"] == message_id]
    assert kept["failures"] >= 1
    assert "LookupError" in kept["reason"]
    assert (await shop.call("GET", "order", f"/dead-letters/{message_id}")).status_code == 404


async def test_a_service_that_is_killed_while_a_message_waits_tries_it_again(shop: Shop, stack: Stack) -> None:
    message_id = await publish(shop, "order.commands", unknown_order())
    await eventually(lambda: waiting(shop, "order"), until=lambda counts: counts.get("order.commands", 0) > 0)
    await asyncio.to_thread(stack.kill, "order")
    await up(stack, "order")
    letter = await dead_letter(shop, "order", message_id, within=120)
    assert letter["failures"] == 4
    left = await rows(stack, "order", "SELECT FROM retries WHERE message_id = $1::text::uuid", message_id)
    assert not left


async def test_two_messages_that_claim_one_id_are_two_letters(shop: Shop, stack: Stack) -> None:
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=20)
    await publish(shop, "payment.commands", {**INCOMPLETE, "body": b'{"another": 1}', "message_id": message_id})
    query = "SELECT body, deaths FROM dead_letters WHERE $1::text::uuid IN (message_id, claimed_id) ORDER BY 1"

    async def letters() -> list[tuple[bytes, int]]:
        return [tuple(row) for row in await rows(stack, "payment", query, message_id)]

    assert await eventually(letters, until=lambda found: len(found) > 1, within=20) == [
        (b'{"another": 1}', 1),
        (b"{}", 1),
    ]


async def test_a_discarded_letter_stays_discarded_when_its_message_comes_again(shop: Shop) -> None:
    same = {**INCOMPLETE, "message_id": str(uuid4()), "correlation_id": str(uuid4())}
    message_id = await publish(shop, "payment.commands", same)
    message_id = same["message_id"]
    await dead_letter(shop, "payment", message_id, within=20)
    await shop.call("POST", "payment", f"/dead-letters/{message_id}/discard", json={"reason": "a test"})
    await publish(shop, "payment.commands", same)

    async def letter() -> Any:
        return (await shop.call("GET", "payment", f"/dead-letters/{message_id}")).json()

    again = await eventually(letter, until=lambda seen: seen["deaths"] == 2, within=20)
    assert (again["status"], again["settled_because"]) == ("discarded", "a test")


async def test_a_letter_that_names_another_service_s_queue_is_handled_by_its_own_service(
    shop: Shop, stack: Stack
) -> None:
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=20)
    changed = "UPDATE dead_letters SET origin = 'order.commands' WHERE message_id = $1::text::uuid"
    await rows(stack, "payment", changed, message_id)
    await shop.call(
        "POST", "payment", f"/dead-letters/{message_id}/replay", json={"reason": "to see where it goes"}
    )
    letter = await dead_letter(shop, "payment", message_id, within=20)
    assert (letter["origin"], letter["deaths"]) == ("payment.commands", 2)


PLANTED = """
INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
VALUES ($1, $1, $2, $3, $4, '{"failures": 3}', '{}', $1, now() + interval '1 hour')
"""
"""A row for an exchange that is gone, leased by a process that may still run."""


async def test_what_an_older_release_left_in_its_outbox_for_a_retry_queue_is_handled(
    shop: Shop, stack: Stack
) -> None:
    ids = [uuid4(), uuid4()]
    addresses = [("retry", "payment.commands.30s"), ("dead_letters", "payment.commands")]
    async with stopped(shop, "payment"):
        for message_id, address in zip(ids, addresses, strict=True):
            await rows(stack, "payment", PLANTED, message_id, AUTHORIZE, *address)
    for message_id in ids:
        letter = await dead_letter(shop, "payment", str(message_id), within=30)
        assert letter["origin"] == "payment.commands"
    assert not await rows(stack, "payment", "SELECT FROM outbox WHERE message_id = ANY($1)", ids)


async def test_what_a_process_of_an_older_release_writes_beside_this_one_is_handled(
    shop: Shop, stack: Stack
) -> None:
    message_id = uuid4()
    await rows(stack, "payment", PLANTED, message_id, AUTHORIZE, "dead_letters", "payment.commands")
    assert (await dead_letter(shop, "payment", str(message_id), within=90))["origin"] == "payment.commands"


async def died(stack: Stack) -> int | None:
    """What became of a payment process that is given the deadly command."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[1]),
        ENV_FILE: str(stack.services["payment"].env_file),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deadly", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(60):
        return await process.wait()


async def test_a_message_that_kills_its_reader_is_a_dead_letter_after_two_deaths_alone(
    shop: Shop, stack: Stack
) -> None:
    command = AuthorizePayment(order_id=uuid4(), customer_id=DEADLY, amount=Money(amount=1))
    deadly = {"body": command.model_dump_json().encode(), "type": AUTHORIZE, "headers": STEP}
    async with stopped(shop, "payment"):
        beside = [await publish(shop, "payment.commands", INCOMPLETE) for _ in range(2)]
        message_id = await publish(shop, "payment.commands", deadly)
        assert [await died(stack) for _ in range(3)] == [-signal.SIGKILL] * 3
    letter = await dead_letter(shop, "payment", message_id, within=60)
    assert letter["reason"] == "2 processes died, each while it handled this message and no other"
    for each in beside:
        assert "died" not in (await dead_letter(shop, "payment", each, within=20))["reason"]
    assert not await rows(stack, "payment", "SELECT FROM suspects")
