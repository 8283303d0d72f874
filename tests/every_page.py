"""Every page that people see, each with something on it, in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from browser import browsing
from console_page import sign_in
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from large_orders import dear_order
from playwright.async_api import Page
from poison import INCOMPLETE, dead_letter, publish
from shop import PLENTY, Shop
from traces import Traces


@asynccontextmanager
async def every_page(stack: Stack, shop: Shop, traces: Traces) -> AsyncIterator[tuple[Page, list[str]]]:
    """An operator's page, and the addresses of all pages: paths are the console's, URLs the traces'."""
    try:
        addresses = [each async for each in _filled(stack, shop, traces)]
        async with browsing() as browser:
            page = await browser.new_page(base_url=stack.console.url)
            await sign_in(page, stack.token(Role.OPERATOR, "grace"), "/sagas")
            yield page, addresses
    finally:
        await _decide_all(shop)


async def _filled(stack: Stack, shop: Shop, traces: Traces) -> AsyncIterator[str]:
    """Fill the pages, and give their addresses."""
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
        "/messages/quarantine",
        "/messages/outbox",
        "/messages/inbox",
        "/break",
        "/processes",
        "/processes/postgres",
        "/logs",
        "/logs?level=warning&part=payment",
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


async def visit(page: Page, address: str) -> None:
    """Open the page, which is there or says that it is not."""
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, address


async def _decide_all(shop: Shop) -> None:
    """Decide every order that waits for a person, so that none is pending for the tests that follow."""
    for review in (await shop.get("order", "/reviews?limit=100"))["items"]:
        path = f"/reviews/{review['order_id']}/reject"
        (await shop.call("POST", "order", path, json={"reason": "the pages were seen"})).raise_for_status()
