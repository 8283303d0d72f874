"""The console in a real browser: a dead letter is seen with its cause and sent back, and the overview moves."""

from collections.abc import AsyncIterator

import pytest
from browser import browsing, needs_browser
from console_page import page_of
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from playwright.async_api import Browser, expect
from poison import INCOMPLETE, dead_letter, publish
from shop import PLENTY, Shop

pytestmark = needs_browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


async def test_a_dead_letter_is_seen_with_its_cause_and_replayed_by_an_operator(
    stack: Stack, browser: Browser, shop: Shop
) -> None:
    async with page_of(stack, browser) as page:
        await page.goto("/messages?service=payment")
        message_id = await publish(shop, "payment.commands", INCOMPLETE)
        row = page.locator(f"#letter-{message_id}")
        await expect(row).to_contain_text("Field required")  # without a reload
        await row.get_by_role("link", name=INCOMPLETE["type"]).click()
        await expect(page.locator("pre.problem")).to_contain_text("customer_id")
        await page.get_by_role("link", name="Sign in as an operator").click()
        await page.get_by_label("Token").fill(stack.token(Role.OPERATOR, "grace"))
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_label("Why?").fill("tried again")
        await page.get_by_role("button", name="Replay").click()
        await expect(page.locator("h1")).to_contain_text(INCOMPLETE["type"])
    letter = await dead_letter(shop, "payment", message_id, within=10)
    assert letter["deaths"] == 2  # it was replayed before the bug was fixed


async def test_the_overview_moves_when_an_order_ends(stack: Stack, browser: Browser, shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    async with page_of(stack, browser) as page:
        await page.goto("/")
        completed = page.locator(".outcomes .completed")
        before = await completed.inner_text()
        order = await shop.ended(await shop.place(ada, {sku: 1}))
        assert (await shop.saga_ended(order["saga_id"]))["status"] == "completed"
        await expect(completed).not_to_have_text(before)
        await expect(page.locator(".map .flow:not(.pace-0)").first).to_be_attached()
