"""The pictures in the documentation, taken again from a running `make up`: `make pictures`."""

import asyncio
from collections.abc import Iterator
from typing import Final

from browser import browsing
from infra.demo import orders
from infra.launcher.deployment import Deployment
from infra.launcher.native.stack import Stack
from infra.launcher.selection import select_backend
from infra.machine.checkout import CHECKOUT
from playwright.async_api import Page, ViewportSize
from poison import INCOMPLETE, dead_letter, publish
from shop import Shop
from shop_client import Order

FOLDER: Final = CHECKOUT / "docs" / "images"
SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}
TOO_LONG: Final = 1_300  # pixels; of a longer page, its beginning tells enough


def pages(stack: Deployment, refused: Order, trace_url: str) -> Iterator[tuple[str, str]]:
    """The name of each picture, and what it shows."""
    console = stack.pages["console"]
    yield "overview", console
    yield "sagas", f"{console}/sagas"
    yield "a-refused-saga", f"{console}/sagas/{refused.saga_id}"
    yield "dead-letters", f"{console}/messages"
    yield "outboxes", f"{console}/messages/outbox"
    yield "inboxes", f"{console}/messages/inbox"
    yield "processes", f"{console}/processes"
    yield "break-it", f"{console}/break"
    yield "contracts", f"{console}/contracts"
    yield "shop", f"{console}/shop"
    yield "a-refused-order", trace_url


async def take(page: Page, name: str, url: str) -> None:
    """Wait until all of the page is there, and keep how it looks."""
    await page.goto(url)
    await page.wait_for_load_state("load")
    short = await page.evaluate("document.documentElement.scrollHeight") < TOO_LONG
    await page.screenshot(path=FOLDER / f"{name}.png", full_page=short, animations="disabled")


async def main() -> None:
    """Have something to show, and take every picture."""
    stack = select_backend()
    if not isinstance(stack, Stack):
        raise SystemExit("the pictures are taken of a native stack: COUNTERSTEP_MODE=native make up")
    for customer, basket in (("ada", {"lamp": 2}), ("grace", {"globe": 1}), ("ada", {"mug": 3})):
        orders.place(stack, customer, basket)
    refused = orders.place(stack, "diogenes", {"lamp": 1})
    async with Shop(stack) as shop, browsing() as browser:
        saga = await shop.saga_ended(str(refused.saga_id))
        message_id = await publish(shop, "payment.commands", INCOMPLETE)
        await dead_letter(shop, "payment", message_id, within=10)
        page = await browser.new_page(viewport=SIZE, color_scheme="light")
        for name, url in pages(stack, refused, saga["trace_url"]):
            await take(page, name, url)
        await shop.call("POST", "payment", f"/dead-letters/{message_id}/discard", json={"reason": "a picture"})


if __name__ == "__main__":
    asyncio.run(main())
