"""Messages come late, in another order, or twice."""

import asyncio
from typing import Any

from aio_pika.abc import AbstractIncomingMessage
from waiting import eventually

from faults.detour import at_random, detoured
from faults.evidence import Effect
from faults.market import Market
from faults.queues import queue


class Kept:
    """Messages of one type, kept until they are let go."""

    def __init__(self, type_: str) -> None:
        self._type = type_
        self.arrived = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, message: AbstractIncomingMessage) -> None:
        if message.type == self._type:
            self.arrived.set()
            await self.let_go.wait()


async def test_messages_that_are_late_shuffled_and_doubled_change_nothing(market: Market) -> None:
    async with detoured(market.shop.stack, at_random, copies=2):
        async with market.trading(100):
            pass
        await market.assert_sound()


async def test_a_compensation_that_overtakes_its_action_keeps_it_from_being_done(market: Market) -> None:
    kept = Kept("payment.authorize_payment.v1")
    async with detoured(market.shop.stack, kept, queue("payment.commands")):
        order = await market.shop.order(await market.place())
        await kept.arrived.wait()
        await cancel(market, order)
        assert (await market.shop.ended(order["order_id"]))["status"] == "cancelled"
        kept.let_go.set()
    await eventually(lambda: answers(market, "authorize_payment"), until=bool)
    assert await answers(market, "authorize_payment") == {
        ("forward", "protocol.abandoned.v1"),
        ("compensation", "payment.payment_voided.v1"),
    }
    await market.assert_sound()


async def test_a_success_that_comes_after_the_saga_was_aborted_is_compensated(market: Market) -> None:
    kept = Kept("payment.payment_authorized.v1")
    async with detoured(market.shop.stack, kept, queue("orchestrator.replies")):
        order = await market.shop.order(await market.place())
        await kept.arrived.wait()
        await cancel(market, order)
        assert (await market.shop.ended(order["order_id"]))["status"] == "cancelled"
        kept.let_go.set()
    await market.assert_sound()


async def test_a_cancellation_that_overtakes_its_order_waits_for_it(market: Market) -> None:
    kept = Kept("order.order_placed.v2")
    async with detoured(market.shop.stack, kept, queue("orchestrator.events")):
        order = await market.shop.order(await market.place())
        await kept.arrived.wait()
        await cancel(market, order)
        kept.let_go.set()
    assert (await market.shop.ended(order["order_id"]))["status"] == "cancelled"
    await market.assert_sound()


async def cancel(market: Market, order: Any) -> None:
    answer = await market.shop.call("POST", "order", f"/orders/{order['order_id']}/cancel")
    assert answer.status_code == 202


async def answers(market: Market, step: str) -> set[tuple[str, str]]:
    """What was answered to this step of the market's only order."""
    effects: tuple[Effect, ...] = (await market.evidence()).effects
    return {(each.direction, each.reply_type) for each in effects if each.step == step}
