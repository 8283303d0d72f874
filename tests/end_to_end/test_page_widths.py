"""Every page in a real browser, as wide as a phone and a laptop: nothing is wider than its screen or its box."""

from typing import Final

from browser import browsing, needs_browser
from every_page import every_page, visit
from infra.launcher.native.stack import Stack
from playwright.async_api import Page, expect
from shop import Shop
from traces import Traces

pytestmark = needs_browser

WIDTHS: Final = (390, 1280)
"""In CSS pixels: a common phone, and a small laptop."""

RUNS_OUT: Final = """
() => {
  const scrolls = (part) =>
    part && (getComputedStyle(part).overflowX !== "visible" || scrolls(part.parentElement));
  const isWide = (part) => part.getBoundingClientRect().right > innerWidth + 1;
  const runsOut = (part) => part.matches("button") && part.scrollWidth > part.clientWidth + 1;
  const found = [...document.querySelectorAll("body :is(button, a, p, h1, h2, dd, th, td, li, summary)")]
    .filter((part) => part.checkVisibility() && !scrolls(part) && (isWide(part) || runsOut(part)))
    .map((part) => `${part.tagName}: ${part.textContent.trim().slice(0, 40)}`);
  if (document.scrollingElement.scrollWidth > innerWidth) found.push("the page itself");
  return found;
}
"""
"""What is wider than the screen though it cannot be scrolled, and buttons that are too narrow for their words."""


async def test_no_page_is_wider_than_its_screen(stack: Stack, shop: Shop, traces: Traces) -> None:
    found: dict[tuple[str, int], list[str]] = {}
    async with every_page(stack, shop, traces) as (page, addresses):
        for address in addresses:
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 900})
                await visit(page, address)
                found[address, width] = await page.evaluate(RUNS_OUT)
    assert {where: wide for where, wide in found.items() if wide} == {}


async def test_what_has_to_be_scrolled_sideways_says_so(stack: Stack) -> None:
    async with browsing() as browser:
        page = await browser.new_page(base_url=stack.console.url)
        assert await hint(page, 390) == '"Scroll sideways for the rest →"'
        assert await hint(page, 1280) == "none"


async def hint(page: Page, width: int) -> str:
    """What the overview's map says above itself on a screen of this width."""
    await page.set_viewport_size({"width": width, "height": 900})
    await page.goto("/")
    await expect(page.locator(".map svg")).to_be_visible()
    content: str = await page.evaluate("getComputedStyle(document.querySelector('.map'), '::before').content")
    return content
