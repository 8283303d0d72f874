"""What cannot be handled is kept as a dead letter, and harms nothing else."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from books import assert_balanced
from contracts.money import Money
from contracts.order import ApproveOrder
from contracts.payment import AuthorizePayment
from counterstep.http.roles import Role
from old_queue import left_by_an_earlier_release
from poison import AUTHORIZE, INCOMPLETE, STEP, dead_letter, publish
from shop import PLENTY, Shop
from waiting import eventually

POISON: dict[str, dict[str, Any]] = {
    "no JSON": {"body": b"\x00\xff", "type": AUTHORIZE, "headers": STEP},
    "an unknown type": {"body": b"{}", "type": "payment.print_money.v1", "headers": STEP},
    "an unknown version": {"body": b"{}", "type": "payment.authorize_payment.v99", "headers": STEP},
    "a missing field": INCOMPLETE,
    "an event where a command belongs": {"body": b"{}", "type": "order.order_placed.v1", "headers": STEP},
    "no step": {"body": b"{}", "type": AUTHORIZE, "headers": {}},
    "a wild header": {"body": b"{}", "type": AUTHORIZE, "headers": {**STEP, "attempt": -7}},
    "no saga": {"body": b"{}", "type": AUTHORIZE, "headers": STEP, "correlation_id": "none"},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_an_undecodable_message_is_a_dead_letter_at_once_with_its_reason(
    shop: Shop, poison: dict[str, Any]
) -> None:
    message_id = await publish(shop, "payment.commands", poison)
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert letter["body"] == poison["body"].decode(errors="replace")
    assert letter["origin"] == "payment.commands"
    assert letter["reason"]


async def test_a_command_that_names_a_strange_reply_address_is_a_dead_letter(shop: Shop) -> None:
    command = AuthorizePayment(order_id=uuid4(), customer_id="ada", amount=Money(amount=1))
    headers = {**STEP, "reply_key": "q|no.such.exchange"}
    poison = {"body": command.model_dump_json().encode(), "type": AUTHORIZE, "headers": headers}
    message_id = await publish(shop, "payment.commands", poison)
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert "is no reply address" in letter["reason"]


async def test_a_command_whose_handler_raises_is_retried_with_longer_delays_and_harms_no_other(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 100), await shop.customer("ada", PLENTY)
    unknown_order = ApproveOrder(order_id=uuid4()).model_dump_json().encode()
    poison = {"body": unknown_order, "type": "order.approve_order.v1", "headers": STEP}
    placing = asyncio.gather(*(shop.place(ada, {sku: 1}) for _ in range(50)))
    message_id = await publish(shop, "order.commands", poison)
    orders = await shop.all_ended(await placing)
    assert {order["status"] for order in orders} == {"confirmed"}
    letter = await dead_letter(shop, "order", message_id, within=90)
    assert letter["failures"] == 4
    assert "LookupError" in letter["reason"]


async def test_a_dead_letter_that_is_redriven_too_early_dies_again_with_the_same_id(shop: Shop) -> None:
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=10)
    replay = await shop.call("POST", "payment", f"/dead-letters/{message_id}/replay", json={"reason": "try again"})
    assert replay.status_code == 202
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert letter["deaths"] == 2


async def test_a_dead_letter_is_discarded_once_with_a_reason_that_is_kept(shop: Shop) -> None:
    message_id = await publish(shop, "payment.commands", POISON["an unknown type"])
    await dead_letter(shop, "payment", message_id, within=10)
    path = f"/dead-letters/{message_id}/discard"
    assert (await shop.call("POST", "payment", path, json={})).status_code == 422
    discarded = (await shop.call("POST", "payment", path, json={"reason": "a test"})).json()
    assert (discarded["status"], discarded["settled_by"], discarded["settled_because"]) == (
        "discarded",
        "tester",
        "a test",
    )
    assert (await shop.call("POST", "payment", path, json={"reason": "again"})).status_code == 409


async def test_dead_letters_are_an_operator_s_to_see(shop: Shop) -> None:
    customer = shop.bearer(Role.CUSTOMER, "ada")
    assert (await shop.call("GET", "payment", "/dead-letters", headers=customer)).status_code == 403


async def test_a_dead_letter_that_had_been_done_is_answered_from_the_inbox_when_it_is_replayed(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    amount = Money.model_validate(order["total"])
    done = AuthorizePayment(order_id=order["order_id"], customer_id=ada, amount=amount).model_dump_json().encode()
    headers = {**STEP, "step": "authorize_payment", "origin": "payment.commands", "reason": "planted"}
    dead = {"body": done, "type": AUTHORIZE, "headers": headers, "correlation_id": order["saga_id"]}
    async with left_by_an_earlier_release(shop.stack, "payment.dead_letters"):
        message_id = await publish(shop, "payment.dead_letters", dead)
        await asyncio.to_thread(shop.stack.stop, "payment")
        await asyncio.to_thread(shop.stack.start, "payment")
        await dead_letter(shop, "payment", message_id, within=30)
    await shop.call("POST", "payment", f"/dead-letters/{message_id}/replay", json={"reason": "to be sure"})

    async def ignored() -> list[str]:
        history = (await shop.saga(order["saga_id"]))["history"]
        return [row["step"] for row in history if row["event"] == "ignored"]

    await eventually(ignored, until=["authorize_payment"].__eq__)
    await assert_balanced(shop, [order], stocked={sku: 10}, paid_in={ada: PLENTY})
