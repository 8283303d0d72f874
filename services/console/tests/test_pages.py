"""The console while no other part runs: each page names the missing service, and acts need a sign-in."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from console.api import router
from console.app import application
from console.session import COOKIE, read
from console.settings import Settings
from contracts.topology import SERVICES, SHOP
from counterstep.http.roles import Role
from counterstep.http.tokens import mint
from counterstep.service.testing import SECRET
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

NOWHERE = "http://127.0.0.1:1"
TOKEN = mint(issuer=SHOP.name, secret=SECRET, subject="grace", role=Role.OPERATOR, ttl=timedelta(hours=1))
NOBODY = UUID(int=7)
SAGA = f"/sagas/{NOBODY}"
SIGN_IN = "/session"
"""This form has no CSRF token, because there is no session yet. The request's origin is checked instead."""


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    urls = {"service_urls": dict.fromkeys(SERVICES, NOWHERE), "management_url": NOWHERE}
    told = {**urls, "management_user": "nobody", "management_password": "nothing", "console_token": "none"}
    app = application(Settings.model_validate(told))
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


async def test_the_console_is_ready_while_every_other_part_is_down(client: AsyncClient) -> None:
    assert (await client.get("/health/ready")).status_code == 200


async def test_a_page_names_the_service_that_does_not_answer(client: AsyncClient) -> None:
    assert "orchestrator does not answer" in (await client.get("/sagas")).text
    for path in ("/shop", SAGA):
        answer = await client.get(path)
        assert answer.status_code == 503
        assert "does not answer" in answer.text


async def test_every_page_forbids_inline_code_and_other_sites(client: AsyncClient) -> None:
    for path in ("/sagas", "/session", "/nowhere", "/shop"):
        answer = await client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


async def test_a_foreign_host_name_is_refused(client: AsyncClient) -> None:
    assert (await client.get("/sagas", headers={"Host": "elsewhere.example"})).status_code == 400


FROM_HERE = ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"})
FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://[", "Referer": "http://localhost/session"},
    {"Referer": "https://elsewhere.example/localhost"},
)


@pytest.mark.parametrize("origin", FROM_ELSEWHERE)
async def test_a_form_on_another_site_signs_nobody_in(client: AsyncClient, origin: dict[str, str]) -> None:
    answer = await client.post("/session", data={"token": TOKEN}, headers=origin)
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", [*FROM_HERE, {"Referer": "http://localhost/session?then=/shop"}])
async def test_a_form_of_ours_is_read_however_its_browser_says_so(
    client: AsyncClient, origin: dict[str, str]
) -> None:
    answer = await client.post("/session", data={"token": "no token"}, headers=origin)
    assert (answer.status_code, "the token is not valid" in answer.text) == (401, True)


async def test_signing_in_never_leads_to_another_site(client: AsyncClient) -> None:
    for then in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"):
        assert "elsewhere" not in (await client.get("/session", params={"then": then})).text.partition("<main")[2]


async def test_two_consoles_on_one_host_have_a_cookie_each(client: AsyncClient) -> None:
    client.cookies.set(f"{COOKIE}_8000", TOKEN)
    for port, is_signed_in in ((8000, True), (8100, False)):
        page = await client.get("/session", headers={"Host": f"localhost:{port}"})
        assert ("/session/end" in page.text) is is_signed_in, port


@pytest.mark.parametrize(
    "claims", [{"exp": "4102444800"}, {"exp": 1e400}, {"exp": []}, {"sub": "a\x00"}, {"role": {}}, {"sub": None}]
)
async def test_a_cookie_with_a_strange_token_counts_as_signed_out(
    client: AsyncClient, claims: dict[str, Any]
) -> None:
    good = {"sub": "grace", "role": "operator", "exp": 4102444800}
    client.cookies.set(COOKIE, jwt.encode(good | claims, SECRET))
    answer = await client.get("/session")
    assert (answer.status_code, "/session/end" in answer.text) == (200, False)


@pytest.mark.parametrize("path", ["/processes", "/logs"])
async def test_without_a_control_room_a_page_says_what_to_type(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert "docker compose -p NAME stop payment" in answer.text
    assert "saga logs --order ID" in answer.text


async def test_without_a_control_room_no_part_can_be_acted_on(client: AsyncClient) -> None:
    client.cookies.set(COOKIE, TOKEN)
    answer = await client.post("/processes/order/stop", data={"reason": "why", "csrf": read(TOKEN).csrf})
    assert (answer.status_code, "the parts and keeps their logs here" in answer.text) == (404, True)


@pytest.mark.parametrize("about", ["../secrets", "x", "0" * 37])
async def test_what_is_no_id_is_no_filter_of_logs(client: AsyncClient, about: str) -> None:
    assert (await client.get("/logs", params={"about": about})).status_code == 422


async def test_acting_needs_a_sign_in(client: AsyncClient) -> None:
    answer = await client.post(f"{SAGA}/retry", data={"reason": "why"})
    assert (answer.status_code, "sign in first" in answer.text) == (401, True)


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é", "🥷", "\x00"])
async def test_a_form_without_the_session_s_csrf_token_is_refused(client: AsyncClient, csrf: str) -> None:
    client.cookies.set(COOKIE, TOKEN)
    pages = FastAPI()
    pages.include_router(router)
    paths = {path for path, methods in pages.openapi()["paths"].items() if "post" in methods}
    assert "/sagas/{saga_id}/{act}" in paths
    for path in paths - {SIGN_IN}:
        known = {"saga_id": NOBODY, "order_id": NOBODY, "message_id": NOBODY, "service": "order", "part": "order"}
        address = path.format(**known, act="retry", decision="approve")
        answer = await client.post(address, data={"reason": "why", "csrf": csrf})
        assert (answer.status_code, "does not belong to your session" in answer.text) == (403, True), path


async def test_acting_needs_a_reason(client: AsyncClient) -> None:
    client.cookies.set(COOKIE, TOKEN)
    answer = await client.post(f"{SAGA}/retry", data={"reason": " ", "csrf": read(TOKEN).csrf})
    assert (answer.status_code, "give a reason" in answer.text) == (422, True)


async def test_an_act_is_sent_to_the_service_that_performs_it(client: AsyncClient) -> None:
    client.cookies.set(COOKIE, TOKEN)
    answer = await client.post(f"{SAGA}/retry", data={"reason": "why", "csrf": read(TOKEN).csrf})
    assert (answer.status_code, "orchestrator does not answer" in answer.text) == (503, True)


async def test_an_expired_token_counts_as_signed_out(client: AsyncClient) -> None:
    client.cookies.set(
        COOKIE,
        mint(issuer=SHOP.name, secret=SECRET, subject="grace", role=Role.OPERATOR, ttl=timedelta(minutes=-5)),
    )
    assert "Sign in to act" in (await client.get("/sagas")).text
