"""A page of the console in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from infra.launcher.native.stack import Stack
from playwright.async_api import Browser, Page


@asynccontextmanager
async def page_of(stack: Stack, browser: Browser, *, forgiven: str | None = None) -> AsyncIterator[Page]:
    """A page of the console, which loads nothing from elsewhere and logs only the errors that are allowed."""
    complaints: list[str] = []
    hosts: set[str] = set()
    context = await browser.new_context(base_url=stack.console.url)
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield page
    assert [each for each in complaints if forgiven is None or forgiven not in each] == []
    assert hosts == {urlsplit(stack.console.url).netloc}
    await context.close()


async def sign_in(page: Page, token: str, then: str) -> None:
    """Sign in with the token, and continue to that page."""
    await page.goto(f"/session?then={then}")
    await page.get_by_label("Token").fill(token)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(lambda url: urlsplit(url).path == then)
