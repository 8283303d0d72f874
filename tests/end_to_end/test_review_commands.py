"""`saga reviews` and `saga status`, as an operator types them, and the console's page of reviews in a browser."""

import json

from browser import browsing, needs_browser
from command import saga
from console_page import page_of, sign_in
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from large_orders import dear_order
from playwright.async_api import expect
from shop import Shop


async def test_an_order_that_waits_is_listed_counted_and_approved(stack: Stack, shop: Shop) -> None:
    sku, ada, order_id = await dear_order(shop)
    listed = (await saga(stack, "reviews", "list", "--limit", "1000")).output
    assert all(shown in listed for shown in (order_id, f"{ada}: 2 {sku}", "12,000.00 EUR"))
    assert "for a person's decision" in (await saga(stack, "status")).output
    decided = await saga(stack, "reviews", "approve", order_id, "--reason", "she has paid before", "--json")
    assert decided.exit_code == 0
    assert json.loads(decided.output)["reason"] == "she has paid before"
    assert (await shop.ended(order_id))["status"] == "confirmed"


async def test_an_order_is_rejected_by_its_saga_s_id_once(stack: Stack, shop: Shop) -> None:
    _, _, order_id = await dear_order(shop)
    saga_id = (await shop.order(order_id))["saga_id"]
    assert (await saga(stack, "reviews", "reject", saga_id, "--reason", "no harbour")).exit_code == 0
    assert (await shop.ended(order_id))["reason"] == "no harbour"
    again = await saga(stack, "reviews", "approve", order_id)
    assert again.exit_code == 1
    assert f"the review of order {order_id} is rejected already (409)" in again.stderr


async def test_a_rejection_without_a_reason_is_a_wrong_command_line(stack: Stack) -> None:
    result = await saga(stack, "reviews", "reject", "01980000-0000-7000-8000-000000000000")
    assert result.exit_code == 2
    assert "Missing option '--reason'" in result.stderr


@needs_browser
async def test_an_operator_decides_on_the_page_and_a_customer_is_offered_nothing(stack: Stack, shop: Shop) -> None:
    _, ada, order_id = await dear_order(shop)
    async with browsing() as browser, page_of(stack, browser) as page:
        await sign_in(page, stack.token(Role.CUSTOMER, ada), "/reviews")
        waiting = page.locator(f"#review-{order_id}")
        await expect(waiting).to_contain_text("12,000.00 EUR")
        await expect(waiting.get_by_role("button")).to_have_count(0)
        await sign_in(page, stack.token(Role.OPERATOR, "grace"), "/reviews")
        await waiting.get_by_label("Reason").fill("no harbour")
        _, _, another = await dear_order(shop)
        await expect(page.locator(f"#review-{another}")).to_be_visible()  # without a reload
        await expect(waiting.get_by_label("Reason")).to_have_value("no harbour")
        await waiting.get_by_role("button", name="Reject").click()
        await expect(waiting).to_have_count(0)
        await expect(page.locator(".audit")).to_contain_text("grace: no harbour")
    assert (await shop.ended(order_id))["reason"] == "no harbour"
    await shop.call("POST", "order", f"/reviews/{another}/approve")


@needs_browser
async def test_the_overview_counts_the_orders_that_wait(stack: Stack, shop: Shop) -> None:
    _, _, order_id = await dear_order(shop)
    async with browsing() as browser, page_of(stack, browser) as page:
        await page.goto("/")
        await expect(page.locator(".waits")).to_contain_text("decision; the oldest was placed")
    await shop.call("POST", "order", f"/reviews/{order_id}/approve")
