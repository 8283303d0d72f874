"""The page at the traces' port in a real browser: an order is found, and its trace is read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
import sample_traces
from browser import browsing, needs_browser
from infra.launcher.native.stack import Stack
from infra.machine.loopback import DIRECTLY
from playwright.async_api import Browser, Page, expect
from shop import PLENTY, Shop
from traces import Traces
from waiting import eventually

PHONE = 390
DESK = 1280

pytestmark = needs_browser


@pytest.fixture(autouse=True)
def only_our_own_page(stack: Stack) -> None:
    """Jaeger has a page of its own, which is not ours to test."""
    if "-m" not in stack.traces.part().command:
        pytest.skip("Jaeger runs in place of the sink")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


@asynccontextmanager
async def page_of(
    stack: Stack, browser: Browser, *, width: int = DESK, scheme: Literal["dark", "light"] = "light"
) -> AsyncIterator[Page]:
    """A page that requests nothing from other hosts and reports no error."""
    complaints: list[str] = []
    hosts: set[str] = set()
    viewport = {"width": width, "height": 900}
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, base_url=stack.traces.url)  # type: ignore[arg-type] # a size is such a dictionary
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield page
    assert complaints == []
    assert hosts == {urlsplit(stack.traces.url).netloc}
    await context.close()


@pytest.fixture
async def refused(stack: Stack, traces: Traces) -> sample_traces.SampleTrace:
    """An order that payment refused, as the services would export it, once it can be read."""
    trace = sample_traces.order(f"order-{uuid4()}", refused=True)
    async with httpx2.AsyncClient(**DIRECTLY) as client:
        body, kind = trace.export.SerializeToString(), {"Content-Type": "application/x-protobuf"}
        (await client.post(f"{stack.traces.otlp_url}/v1/traces", content=body, headers=kind)).raise_for_status()
    await eventually(lambda: traces.of(trace.hex_id), until=lambda seen: bool(seen.spans))
    return trace


def order_id(trace: sample_traces.SampleTrace) -> str:
    saga = next(span for span in trace.spans["orchestrator"] if span.name == "saga place_order")
    return next(pair.value.string_value for pair in saga.attributes if pair.key == "order.id")


async def names(page: Page) -> list[str]:
    """The names of all rows that can be seen, from the top."""
    links = await page.locator(".row a").all()
    seen = [await link.get_attribute("title") or "" for link in links if await link.is_visible()]
    return [title.partition(": ")[2] for title in seen]


async def test_a_placed_order_is_one_click_from_its_trace(
    shop: Shop, stack: Stack, browser: Browser, traces: Traces
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    saga = await shop.saga_ended(order["saga_id"])
    await traces.of_saga(saga)
    async with page_of(stack, browser) as page:
        await page.goto("/")
        await page.get_by_label("Trace id").fill(saga["trace_id"])
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{stack.traces.url}/trace/{saga['trace_id']}")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("POST /orders")


async def test_an_order_is_found_by_its_id_and_its_bars_are_in_the_order_of_the_tree(
    stack: Stack, browser: Browser, refused: sample_traces.SampleTrace
) -> None:
    async with page_of(stack, browser) as page:
        await page.goto("/")
        await page.get_by_label("Tags").fill(f"order.id={order_id(refused)}")
        await page.get_by_role("button", name="Find traces").click()
        await page.locator(".result").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("compensated")
        rows = await names(page)
        assert rows[:5] == [
            "POST /orders",
            "send events.order:order.order_placed",
            "process events.order:order.order_placed:orchestrator.events",
            "saga place_order",
            "saga.step reserve_stock",
        ]
        assert [name for name in rows if name.startswith("saga")] == [
            "saga place_order",
            "saga.step reserve_stock",
            "saga.step authorize_payment",
            "saga.compensate release_stock",
            "saga.compensate reject_order",
        ]
        boxes = [
            await bar.bounding_box()
            for bar in await page.locator(".row.step .body, .row.compensation .body").all()
        ]
        lefts = [box["x"] for box in boxes if box]
        assert lefts == sorted(lefts)
        assert len(lefts) == len(sample_traces.REFUSED)


async def test_the_keyboard_opens_details_and_folds_the_tree(
    stack: Stack, browser: Browser, refused: sample_traces.SampleTrace
) -> None:
    async with page_of(stack, browser) as page:
        await page.goto(f"/trace/{refused.hex_id}")
        saga = page.locator(".row.saga a")
        await saga.focus()
        await page.keyboard.press("Enter")
        details = page.locator(".detail:target")
        await expect(details).to_be_visible()
        await expect(details).to_contain_text(order_id(refused))
        await expect(details.locator(".events > li")).to_have_count(2 * len(sample_traces.REFUSED) + 1)
        await page.keyboard.press("Escape")
        await expect(details).to_have_count(0)
        await expect(saga).to_be_focused()
        await page.keyboard.press("ArrowLeft")
        assert (await names(page))[-1] == "saga place_order"
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("ArrowDown")
        await expect(saga).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(".row.step a").first).to_be_focused()


async def test_a_click_on_a_bar_opens_its_details_and_a_click_on_its_caret_folds_it(
    stack: Stack, browser: Browser, refused: sample_traces.SampleTrace
) -> None:
    async with page_of(stack, browser) as page:
        await page.goto(f"/trace/{refused.hex_id}")
        await page.locator(".row.compensation .bar").first.click()
        await expect(page.locator(".detail:target")).to_contain_text("saga.compensate release_stock")
        shown = len(await names(page))
        await page.locator(".row.compensation ~ details > .caret").first.click()
        assert len(await names(page)) < shown


async def test_without_scripts_the_tree_still_folds_and_shows_details(
    stack: Stack, browser: Browser, refused: sample_traces.SampleTrace
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{stack.traces.url}/trace/{refused.hex_id}")
    await page.locator(".row.saga a").click()
    await expect(page.locator(".detail:target")).to_contain_text(order_id(refused))
    await page.locator(".row.saga ~ details > .caret").first.click()
    await expect(page.locator(".row.step").first).to_be_hidden()
    await context.close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_it_fits_every_screen_and_scheme(
    stack: Stack,
    browser: Browser,
    refused: sample_traces.SampleTrace,
    width: int,
    scheme: Literal["dark", "light"],
) -> None:
    async with page_of(stack, browser, width=width, scheme=scheme) as page:
        for path in ("/", f"/trace/{refused.hex_id}"):
            await page.goto(path)
            assert await page.evaluate("document.documentElement.scrollWidth") == width
            ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == {"dark": "rgb(16, 21, 29)", "light": "rgb(246, 247, 249)"}[scheme]
