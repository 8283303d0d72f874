"""With one service's broker password an attacker may say what that service may say, and nothing else."""

import json
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

import pytest
from books import assert_balanced
from command import saga
from contracts.inventory import StockReserved
from contracts.money import Money
from contracts.order import OrderApproved, OrderReviewed, ReviewOrder
from contracts.payment import AuthorizePayment, PaymentAuthorized, PaymentCaptured
from forging import FORWARD, Forged, answer, send
from large_orders import dear_order
from outages import command_sent, stopped, waiting_for_payment
from poison import AUTHORIZE, STEP, dead_letter, publish
from scraping import scrape, scraped_until
from shop import PLENTY, Shop

AUTHORIZED = PaymentAuthorized(authorization_id=uuid4())
FORGERIES: Final[Mapping[str, Forged]] = {
    "another service's reply": Forged("inventory", "authorize_payment", AUTHORIZED),
    "a type that is not the sender's": Forged("payment", "reserve_stock", StockReserved()),
    "an answer for another service": Forged("payment", "reserve_stock", AUTHORIZED),
    "another command's type": Forged("payment", "authorize_payment", PaymentCaptured()),
    "a step that the saga does not have": Forged("payment", "print_money", AUTHORIZED),
    "a compensation of a step that has none": Forged(
        "payment", "capture_payment", PaymentCaptured(), "compensation"
    ),
    "the saga's own end": Forged("payment", "place_order", AUTHORIZED, "compensation"),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_reply_is_a_dead_letter_and_moves_no_saga(shop: Shop, forged: Forged) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    labels = {"queue": "orchestrator.replies", "sender": forged.sender}
    counted = (await scrape(shop, "orchestrator")).value("messages_forged_total", **labels)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        before = (await shop.saga(order["saga_id"]))["history"]
        message_id = await answer(shop, order["saga_id"], forged)
        letter = await dead_letter(shop, "orchestrator", message_id, within=10)
        assert letter["reason"].startswith(f"forged: {forged.sender} ")
        assert (await shop.saga(order["saga_id"]))["history"] == before
        await scraped_until(shop, "orchestrator", "messages_forged_total", counted + 1, **labels)
    assert (await shop.ended(order["order_id"]))["status"] == "confirmed"


async def test_nobody_confirms_an_order_with_payment_s_password_alone(shop: Shop) -> None:
    """Inventory is away, and somebody with payment's password answers every step that is not payment's."""
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "inventory"):
        order = await shop.order(await shop.place(ada, {sku: 1}))
        await command_sent(shop, order["saga_id"], "reserve_stock")
        for step, reply in {
            "review_order": OrderReviewed(),
            "reserve_stock": StockReserved(),
            "commit_stock": PaymentCaptured(),
            "approve_order": OrderApproved(),
        }.items():
            message_id = await answer(shop, order["saga_id"], Forged("payment", step, reply))
            await dead_letter(shop, "orchestrator", message_id, within=10)
        assert (await shop.order(order["order_id"]))["status"] != "confirmed"
    order = await shop.ended(order["order_id"])  # rejected, where inventory was away for longer than it may be
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: PLENTY})


async def test_nobody_but_a_person_decides_a_review(shop: Shop) -> None:
    """It waits for a person for days, so somebody has time to answer for them."""
    _, _, order_id = await dear_order(shop)
    order = await shop.order(order_id)
    await command_sent(shop, order["saga_id"], "review_order")
    for sender in ("payment", "inventory"):
        message_id = await answer(shop, order["saga_id"], Forged(sender, "review_order", OrderReviewed()))
        letter = await dead_letter(shop, "orchestrator", message_id, within=10)
        assert "only order may send" in letter["reason"]
    assert order_id in {each["order_id"] for each in (await shop.get("order", "/reviews?limit=100"))["items"]}
    await shop.call("POST", "order", f"/reviews/{order_id}/approve")
    assert (await shop.ended(order_id))["status"] == "confirmed"


async def test_a_forged_message_stays_forged_when_it_is_replayed(shop: Shop) -> None:
    """An operator's replay is no way in: the message keeps its sender."""
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        forged = Forged("inventory", "authorize_payment", AUTHORIZED)
        message_id = await answer(shop, order["saga_id"], forged)
        before = await dead_letter(shop, "orchestrator", message_id, within=10)
        replay = {"reason": "it looks important"}
        await shop.call("POST", "orchestrator", f"/dead-letters/{message_id}/replay", json=replay)
        after = await dead_letter(shop, "orchestrator", message_id, within=15)
        assert (after["deaths"], after["reason"]) == (2, before["reason"])
    assert (await shop.ended(order["order_id"]))["status"] == "confirmed"


async def test_the_status_counts_forged_messages_and_names_the_runbook(shop: Shop) -> None:
    message_id = await answer(shop, str(uuid4()), Forged("payment", "authorize_payment", AUTHORIZED))
    await dead_letter(shop, "orchestrator", message_id, within=10)
    status = json.loads((await saga(shop.stack, "status", "--json")).output)
    [alert] = [each for each in status["alerts"] if "orchestrator was sent forged messages" in each["what"]]
    assert alert["runbook"] == "docs/runbooks/forged-messages.md"


async def test_a_reply_about_a_saga_that_does_not_exist_is_a_dead_letter_at_once(shop: Shop) -> None:
    message_id = await answer(shop, str(uuid4()), Forged("payment", "authorize_payment", AUTHORIZED))
    letter = await dead_letter(shop, "orchestrator", message_id, within=5)
    assert "there is no saga" in letter["reason"]


async def test_an_event_of_another_type_than_its_routing_key_says_begins_nothing(shop: Shop) -> None:
    command = ReviewOrder(order_id=uuid4())
    message_id = await send(
        shop, "order", "events.order", "order.order_placed", command, correlation_id=str(uuid4()), headers={}
    )
    letter = await dead_letter(shop, "orchestrator", message_id, within=10)
    assert "where nobody may send it" in letter["reason"]


@pytest.mark.parametrize("sender", ["inventory", "order", "watcher", ""])
async def test_a_command_that_is_not_the_orchestrator_s_is_not_done(shop: Shop, sender: str) -> None:
    ada = await shop.customer("ada", PLENTY)
    before = await shop.get("payment", f"/accounts/{ada}")
    command = AuthorizePayment(order_id=uuid4(), customer_id=ada, amount=Money(amount=1))
    forged = {"type": AUTHORIZE, "headers": STEP, "body": command.model_dump_json().encode()}
    message_id = await publish(shop, "payment.commands", {**forged, "user_id": sender or None})
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert letter["reason"].startswith("forged: ")
    assert await shop.get("payment", f"/accounts/{ada}") == before


async def test_a_command_of_another_type_than_its_routing_key_says_is_not_done(shop: Shop) -> None:
    command = AuthorizePayment(order_id=uuid4(), customer_id="ada", amount=Money(amount=1))
    headers = {**FORWARD, "step": "x"}
    message_id = await send(
        shop,
        "orchestrator",
        "commands",
        "payment.void_payment",
        command,
        correlation_id=str(uuid4()),
        headers=headers,
    )
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert "with the routing key" in letter["reason"]
