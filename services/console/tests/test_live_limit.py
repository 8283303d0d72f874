"""How many pages may be live at once, seen by browsers that leave them open."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import uvicorn
from console import live
from console.app import application
from console.settings import Settings
from contracts.topology import SERVICES
from httpx2 import AsyncClient
from waiting import eventually

NOWHERE = "http://127.0.0.1:1"
MOST = 3


@pytest.fixture
async def console(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncClient]:
    """A console that listens, while no other part runs."""
    monkeypatch.setattr(live, "MOST_VIEWERS", MOST)
    urls = {"service_urls": dict.fromkeys(SERVICES, NOWHERE), "management_url": NOWHERE}
    told = {**urls, "management_user": "nobody", "management_password": "nothing", "console_token": "none"}
    app = application(Settings.model_validate(told))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client
        server.should_exit = True
        await serving


async def test_one_live_page_too_many_is_told_so_and_the_others_stay_live(console: AsyncClient) -> None:
    reading = []  # what nobody refers to is closed
    async with AsyncExitStack() as open_pages:
        for path in ("/overview/live", "/sagas/live", "/overview/live"):
            page = await open_pages.enter_async_context(console.stream("GET", path))
            assert page.status_code == 200
            reading.append(page.aiter_lines())
            assert await anext(reading[-1])
        refused = await console.get("/overview/live")
        assert refused.status_code == 503
        assert f"{MOST} pages are live" in refused.text
        assert int(refused.headers["Retry-After"]) > 0
        assert (await console.get("/sagas")).status_code == 200

    async def status() -> int:
        async with console.stream("GET", "/overview/live") as page:
            return page.status_code

    for _ in range(MOST + 1):  # a page that was closed has given its place back
        await eventually(status, until=lambda seen: seen == 200)
