"""The network between a service and its database fails."""

import asyncio

from waiting import eventually

from faults.link import NO_ANSWERS, Fault
from faults.market import Market
from faults.wires import Wires

COMMIT = b"COMMIT"


async def test_cut_connections_lose_nothing(market: Market, payment: Wires) -> None:
    async with market.trading(100) as placing:
        for cut_after in (20, 60):
            await asyncio.wait(placing[:cut_after])
            payment.database.cut()
    await market.assert_sound()


async def test_a_commit_whose_answer_is_lost_is_done_once(market: Market, payment: Wires) -> None:
    before = await payment.database.harmed()
    with payment.database.with_fault(Fault(cut_after=COMMIT)):
        async with market.trading(10):
            pass
        await eventually(payment.database.harmed, until=lambda harmed: harmed >= before + 3)
    await market.assert_sound()


async def test_a_database_that_stops_answering_is_connected_to_again(market: Market, payment: Wires) -> None:
    before = await payment.database.harmed()
    with payment.database.with_fault(NO_ANSWERS, cuts_at_end=False):
        await market.place()
        await eventually(payment.database.harmed, until=lambda harmed: harmed >= before + 2)
    await market.assert_sound()


async def test_a_slow_database_only_takes_time(market: Market, payment: Wires) -> None:
    with payment.database.with_fault(Fault(seconds_late=0.02)):
        async with market.trading(20):
            pass
        await market.assert_sound()
