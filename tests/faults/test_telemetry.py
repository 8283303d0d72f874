"""What watches the system fails."""

from outages import stopped
from shop import PLENTY, Shop
from waiting import eventually

from faults.link import NO_ANSWERS
from faults.market import Market
from faults.wires import Wires


async def test_a_collector_that_stops_answering_delays_no_order(market: Market, payment: Wires) -> None:
    before = await payment.collector.harmed()
    with payment.collector.with_fault(NO_ANSWERS):
        async with market.trading(50):
            pass
        await eventually(payment.collector.harmed, until=lambda harmed: harmed > before)
        await market.assert_sound(within=10)


async def test_an_order_does_not_notice_that_nobody_takes_its_trace(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "traces"):
        order = await shop.ended(await shop.place(ada, {sku: 1}), within=10)
    assert order["status"] == "confirmed"
