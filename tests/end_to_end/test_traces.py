"""One order is one trace."""

from shop import PLENTY, PRICE, Shop
from spans import Span, Traces
from waiting import eventually


async def trace_of(shop: Shop, traces: Traces, order_id: str) -> list[Span]:
    """All spans of an order's trace, once the last of its services has exported."""
    saga = await shop.saga_ended((await shop.ended(order_id))["saga_id"])

    async def look() -> list[Span]:
        return await traces.of(saga["trace_id"])

    heard = sum(row["event"] in {"started", "succeeded", "refused"} for row in saga["history"])
    asked = sum(row["event"] == "asked" for row in saga["history"])
    request = 1
    return await eventually(look, until=lambda seen: len(seen) >= request + heard + asked)


def assert_connected(trace: list[Span]) -> None:
    ids = {span.span_id for span in trace}
    assert [span.name for span in trace if span.parent_id not in ids] == ["POST /orders"]


async def test_a_confirmed_order_is_one_connected_trace_through_all_services(shop: Shop, traces: Traces) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    trace = await trace_of(shop, traces, await shop.place(ada, {sku: 1}))
    assert {span.service for span in trace} == {"order", "orchestrator", "inventory", "payment"}
    assert_connected(trace)


async def test_a_compensated_order_is_one_connected_trace(shop: Shop, traces: Traces) -> None:
    sku, bob = await shop.stocked("lamp", 10), await shop.customer("bob", PRICE - 1)
    trace = await trace_of(shop, traces, await shop.place(bob, {sku: 1}))
    assert_connected(trace)
