"""The network between a service and its broker fails."""

import asyncio

from outages import command_sent
from waiting import eventually

from faults.link import NO_ANSWERS, Fault
from faults.market import Market
from faults.wires import Wires

RELAY = b"payment relay"


async def test_a_cut_connection_loses_nothing(market: Market, payment: Wires) -> None:
    async with market.trading(100) as placing:
        for cut_after in (20, 60):
            await asyncio.wait(placing[:cut_after])
            payment.broker.cut()
    await market.assert_sound()


async def test_a_lost_confirm_makes_a_second_message_and_no_second_effect(market: Market, payment: Wires) -> None:
    with payment.broker.with_fault(Fault(of=RELAY, swallows_answers=True)):
        order = await market.shop.order(await market.place())
        await command_sent(market.shop, order["saga_id"], "capture_payment")
        assert (await market.evidence()).outboxes["payment"] > 0
    await market.assert_sound()


async def test_messages_of_a_half_open_connection_are_delivered_again(market: Market, payment: Wires) -> None:
    before = await payment.broker.harmed()
    with payment.broker.with_fault(NO_ANSWERS):
        await market.place()
        await eventually(payment.broker.harmed, until=lambda harmed: harmed > before)
    await market.assert_sound()


async def test_a_slow_network_only_takes_time(market: Market, payment: Wires) -> None:
    with payment.broker.with_fault(Fault(seconds_late=0.2)):
        async with market.trading(20):
            pass
        await market.assert_sound()
