"""Every page in a real browser, light and dark: axe-core finds nothing that WCAG 2.2 forbids at level A or AA."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from axe_playwright_python.async_playwright import Axe
from browser import needs_browser
from every_page import every_page, visit
from infra.launcher.native.stack import Stack
from playwright.async_api import Page
from shop import Shop
from traces import Traces

pytestmark = needs_browser

RULES: Final[Mapping[Literal["light", "dark"], list[str]]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "dark": ["color-contrast"],  # colours are all that differs
}


async def test_no_page_shuts_anybody_out(stack: Stack, shop: Shop, traces: Traces) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    async with every_page(stack, shop, traces) as (page, addresses):
        for address in addresses:
            await visit(page, address)
            await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            for scheme, rules in RULES.items():
                await page.emulate_media(color_scheme=scheme)
                found[address, scheme] = await violations(page, rules)
    assert {where: broken for where, broken in found.items() if broken} == {}


async def violations(page: Page, rules: list[str]) -> list[str]:
    """What axe-core has against the page as it is now: the rule, and where it is broken."""
    results: Any = await Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
