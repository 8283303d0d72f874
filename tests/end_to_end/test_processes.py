"""Processes and logs in the console, over the real control room: looking, acting, and reading."""

import stat
from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus

import httpx2
import pytest
from console.session import COOKIE, read
from counterstep.http.roles import Role
from infra.launcher.native.stack import Stack
from poison import INCOMPLETE, STEP, dead_letter, publish
from shop import Shop
from waiting import eventually

SAGA = "01a20fff-b0aa-73a8-a54e-70311cb2efb5"
CHIP = '<span class="chip {0}">{0}</span>'


@pytest.fixture
async def console(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=stack.console.url, timeout=30, follow_redirects=True) as client:
        yield client


def sign_in(stack: Stack, console: httpx2.AsyncClient, role: Role) -> str:
    """Returns the CSRF token of the forms."""
    token = stack.token(role, "grace")
    console.cookies.set(f"{COOKIE}_{stack.ports.console}", token)
    return read(token).csrf


async def text(console: httpx2.AsyncClient, path: str) -> str:
    return (await console.get(path)).text


async def test_an_operator_stops_a_part_and_starts_it_again_and_both_are_logged(
    stack: Stack, console: httpx2.AsyncClient
) -> None:
    assert stat.S_IMODE(stack.control.socket.stat().st_mode) == 0o600
    csrf, page = sign_in(stack, console, Role.OPERATOR), "/processes/traces"
    assert "Spans sent meanwhile are lost" in await text(console, page)
    for act, state, offer in (("stop", "stopped", "may-start"), ("start", "running", "may-stop")):
        answer = await console.post(f"{page}/{act}", data={"csrf": csrf, "reason": f"to see it {state}"})
        assert answer.status_code == HTTPStatus.OK, answer.text
        await eventually(partial(text, console, page), until=partial(contains, offer))
        assert CHIP.format(state) in await text(console, page)
        assert f"reason=&#39;to see it {state}&#39;" in await text(console, "/logs?part=control")
    assert (await stack.traces.part().missing()) is None
    refused = await console.post("/processes/console/stop", data={"csrf": csrf, "reason": "why not"})
    assert (refused.status_code, "console cannot be told to stop now" in refused.text) == (409, True)


async def test_a_message_that_failed_is_found_in_the_logs_by_its_saga(
    stack: Stack, shop: Shop, console: httpx2.AsyncClient
) -> None:
    message_id = await publish(shop, "payment.commands", {**INCOMPLETE, "headers": STEP, "correlation_id": SAGA})
    await dead_letter(shop, "payment", message_id, within=10)
    assert "Sign in</a> to read them" in await text(console, f"/logs?about={SAGA}")
    sign_in(stack, console, Role.CUSTOMER)
    assert message_id not in await text(console, f"/logs?about={SAGA}")
    assert "needs the role" in (await first_event(console, f"/logs/live?about={SAGA}"))
    sign_in(stack, console, Role.VIEWER)
    page = await text(console, f"/logs?about={SAGA}&level=warning")
    assert message_id in page
    assert f'<a href="/sagas/{SAGA}">its saga</a>' in page
    assert message_id not in await text(console, f"/logs?about={SAGA}&part=order")


def contains(wanted: str, text: str) -> bool:
    return wanted in text


async def first_event(console: httpx2.AsyncClient, path: str) -> str:
    """What a live page is sent first."""
    async with console.stream("GET", path) as answer:
        async for line in answer.aiter_text():
            return line
    return ""
