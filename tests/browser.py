"""A real browser, where the machine has one."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright, expect
from waiting import TIMEOUT_SECONDS

CHROMIUM: Final = shutil.which("chromium")
# Without these it sends requests to its maker's servers; as root it does not run in its sandbox.
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=1000 * TIMEOUT_SECONDS)  # a page waits as long for the system as everybody else

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; type: sudo apt-get install chromium")


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser with a profile of its own, which goes with it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
