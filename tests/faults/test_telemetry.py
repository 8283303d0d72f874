"""What watches the system fails."""

from waiting import eventually

from faults.link import SILENCE
from faults.market import Market
from faults.wires import Wires


async def test_a_collector_that_falls_silent_delays_no_order(market: Market, payment: Wires) -> None:
    before = await payment.collector.harmed()
    with payment.collector.with_fault(SILENCE):
        async with market.trading(50):
            pass
        await eventually(payment.collector.harmed, until=lambda harmed: harmed > before)
        await market.assert_sound(within=10)
