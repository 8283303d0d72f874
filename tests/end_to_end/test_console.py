"""The console in a real browser: a colleague is shown the shop, and an operator acts on a saga that waits."""

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from browser import browsing, needs_browser
from console_page import page_of, sign_in
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from infra.screens.deployment import sign_in_link
from playwright.async_api import Browser, Page, Route, expect
from shop import PLENTY, Shop

pytestmark = needs_browser

DEAR = 600_000
"""In cents; two of them cost more than an order may without a person's review."""
NOTHING_BEGINS = "LOCK TABLE saga_runs IN SHARE MODE"
"""While it is locked like this; what has begun can be read."""
LATE = 0.5
"""In seconds: by then htmx could have begun. A page whose scripts wait for one another does not depend on it."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


async def order(page: Page, sku: str, quantity: int) -> None:
    """Put it into the basket and place the order, as the signed-in user."""
    await page.locator(f"[id='quantity-{sku}']").fill(str(quantity))
    await page.get_by_role("button", name="Place the order").click()


async def test_an_order_is_placed_in_the_shop_and_seen_confirmed_without_a_reload(
    stack: Stack, browser: Browser, shop: Shop
) -> None:
    sku, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    async with page_of(stack, browser) as page:
        await sign_in(page, stack.token(Role.CUSTOMER, ada), "/shop")
        await page.evaluate("window.isStillTheSame = true")
        await order(page, sku, 2)
        placed = page.get_by_role("listitem").filter(has_text=f"{ada}: 2 {sku}")
        await expect(placed.locator(".chip")).to_have_text("confirmed")
        assert await page.evaluate("window.isStillTheSame")
        await placed.get_by_role("link").click()
        await expect(page.locator("h1 .chip")).to_have_text("completed")
        row = page.locator(".sequence summary", has_text="reserve stock").first
        await row.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".sequence pre").filter(has_text=sku).nth(1)).to_be_visible()


async def test_a_saga_that_has_not_begun_yet_is_seen_as_soon_as_it_does(
    stack: Stack, browser: Browser, shop: Shop
) -> None:
    sku, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    async with page_of(stack, browser) as page:
        async with stack.postgres.databases.session("orchestrator") as sql, sql.transaction():
            await sql.execute(NOTHING_BEGINS)
            placed = await shop.order(await shop.place(ada, {sku: 1}))
            await page.goto(f"/sagas/{placed['saga_id']}")
            await expect(page.locator("h1")).to_have_text("No saga with this id yet")
        await expect(page.locator("h1 .chip")).to_have_text("completed")


async def test_a_page_is_live_however_late_its_scripts_arrive(stack: Stack, browser: Browser) -> None:
    async def late(route: Route) -> None:
        await asyncio.sleep(LATE)
        await route.continue_()

    async with page_of(stack, browser) as page:
        await page.route("**/hx-sse-*.js", late)
        async with page.expect_response("**/overview/live"):
            await page.goto("/")


async def test_an_operator_acts_on_a_saga_that_waits_and_a_customer_may_not(
    stack: Stack, browser: Browser, shop: Shop
) -> None:
    sku, ada = await shop.stocked("desk", 5, price=DEAR), await shop.customer("ada", 10 * DEAR)
    async with page_of(stack, browser) as page:
        await sign_in(page, stack.token(Role.CUSTOMER, ada), "/shop")
        await order(page, sku, 2)
        await page.get_by_role("link", name="Watch its saga").click()
        saga = page.url
        await expect(page.get_by_text("Waiting for review order, attempt 1; times out in")).to_be_visible()
        await expect(page.locator("ul.awaited time.due")).to_have_text(re.compile(r"in \d d \d+ h"))
        await expect(page.get_by_role("button", name="Cancel the order")).to_be_visible()
        await expect(page.get_by_role("button", name="Retry")).to_have_count(0)

        await sign_in(page, stack.token(Role.OPERATOR, "grace"), urlsplit(saga).path)
        await page.get_by_label("Reason").fill("nobody has looked yet")
        await page.get_by_role("button", name="Retry").click()
        await expect(page.locator(".audit")).to_contain_text("grace retry: nobody has looked yet")
        await expect(page.locator("ul.awaited")).to_contain_text("attempt 2")
        await page.get_by_label("Reason").fill("ada has changed her mind")
        await page.get_by_role("button", name="Compensate").click()
        await expect(page.locator("h1 .chip")).to_have_text("compensated")
        await expect(page.get_by_text("This saga has ended. No action is possible.")).to_be_visible()

        await page.goto(f"/sagas?customer={ada}&status=compensated")
        await expect(page.locator(".sagas tbody tr")).to_have_count(1)
        await page.goto(f"/sagas?customer={ada}&age=-1d")
        await expect(page.get_by_text("No saga matches these filters")).to_be_visible()


async def test_a_customer_cancels_an_order_on_the_page_of_its_saga(
    stack: Stack, browser: Browser, shop: Shop
) -> None:
    sku, ada = await shop.stocked("desk", 5, price=DEAR), await shop.customer("ada", 10 * DEAR)
    async with page_of(stack, browser) as page:
        await sign_in(page, stack.token(Role.CUSTOMER, ada), "/shop")
        await order(page, sku, 2)
        await page.get_by_role("link", name="Watch its saga").click()
        await expect(page.get_by_text("Waiting for review order")).to_be_visible()
        await page.get_by_label("Reason").fill("a change of mind")
        await page.get_by_role("button", name="Cancel the order").click()
        await expect(page.locator("h1 .chip")).to_have_text("compensated")


async def test_the_link_that_make_up_prints_signs_in_with_one_click(stack: Stack, browser: Browser) -> None:
    async with page_of(stack, browser) as page:
        await page.goto(sign_in_link(stack))
        await expect(page.get_by_text("The link is for grace, operator.")).to_be_visible()
        assert "token" not in page.url
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.locator(".who")).to_contain_text("grace")


async def test_a_broken_link_says_that_it_has_to_be_copied_again(stack: Stack, browser: Browser) -> None:
    async with page_of(stack, browser) as page:
        await page.goto(f"{stack.console.url}/session#token=cut.off", wait_until="networkidle")
        await expect(page.get_by_text("copy it again")).to_be_visible()
