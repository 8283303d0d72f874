"""Fault injection in a real browser: payment refuses, an order is compensated, and the fault is switched off."""

from browser import browsing, needs_browser
from console_page import sign_in
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from playwright.async_api import Page, expect
from shop import PLENTY, Shop

pytestmark = needs_browser


async def test_payment_is_switched_off_and_an_order_is_seen_compensated_until_it_is_on_again(
    stack: Stack, shop: Shop
) -> None:
    sku, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    async with browsing() as browser:
        page = await browser.new_page(base_url=stack.console.url)
        await sign_in(page, stack.token(Role.OPERATOR, "grace"), "/break")

        await page.get_by_role("slider", name="Refuses").fill("100")
        await page.get_by_label("Reason").fill("to show a colleague")
        await page.get_by_role("button", name="Switch on", exact=True).click()
        await expect(page.get_by_label("On now")).to_contain_text("payment: Refuses 100 %; ends in")
        await expect(page.get_by_label("On now")).to_contain_text("grace: to show a colleague")

        assert await fate(page, ada, sku) == "compensated"
        await expect(page.locator("#banner")).to_contain_text("Injected faults: payment (Refuses 100 %)")

        await page.get_by_role("link", name="Injected faults").click()
        await page.get_by_role("button", name="Switch everything off").click()
        await expect(page.get_by_label("On now")).to_contain_text("No faults are active.")
        await expect(page.locator("#banner")).to_be_empty()
        assert await fate(page, ada, sku) == "completed"


async def fate(page: Page, customer: str, sku: str) -> str | None:
    """Order one in the shop, and watch its saga on its page until it ends."""
    await page.goto("/shop")
    await page.get_by_label("Customer").fill(customer)
    await page.locator(f"[id='quantity-{sku}']").fill("1")
    await page.get_by_role("button", name="Place the order").click()
    await page.get_by_role("link", name="Watch its saga").click()
    await expect(page.get_by_text("This saga has ended. No action is possible.")).to_be_visible()
    return await page.locator("h1 .chip").text_content()
