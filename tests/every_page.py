"""The address of every page that people see, each with something on it."""

from collections.abc import AsyncIterator

from infra.launcher.native.stack import Stack
from large_orders import dear_order
from poison import INCOMPLETE, dead_letter, publish
from shop import PLENTY, Shop
from traces import Traces


async def pages(stack: Stack, shop: Shop, traces: Traces) -> AsyncIterator[str]:
    """Fill the pages, and give their addresses: paths are the console's, URLs the traces'."""
    sku, ada, diogenes = (
        await shop.stocked("lamp", 5),
        await shop.customer("ada", PLENTY),
        await shop.customer("diogenes", 1),
    )
    confirmed, refused = [await shop.place(each, {sku: 1}) for each in (ada, diogenes)]
    letter = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", letter, within=10)
    for path in (
        "/",
        "/sagas",
        "/messages",
        "/messages/outbox",
        "/messages/inbox",
        "/break",
        "/shop",
        "/session",
    ):
        yield path
    _, _, waiting = await dear_order(shop)
    yield "/reviews"
    yield f"/sagas/{(await shop.order(waiting))['saga_id']}"
    yield "/nowhere"
    yield f"/messages/dead-letters/payment/{letter}"
    for path in ("", "/sagas", f"/messages/{INCOMPLETE['type']}", "/services/payment"):
        yield f"/contracts{path}"
    for order_id in (confirmed, refused):
        order = await shop.ended(order_id)
        yield f"/sagas/{order['saga_id']}"
    saga = await shop.saga_ended(order["saga_id"])
    if "-m" in stack.traces.part().command:  # else it is Jaeger, whose pages are not ours
        await traces.of_saga(saga)
        yield stack.traces.url
        yield saga["trace_url"]


async def decide_all(shop: Shop) -> None:
    """Decide every order that waits for a person, so that none is pending for the tests that follow."""
    for review in (await shop.get("order", "/reviews?limit=100"))["items"]:
        path = f"/reviews/{review['order_id']}/reject"
        (await shop.call("POST", "order", path, json={"reason": "the pages were seen"})).raise_for_status()
