"""The console where nothing else is there: every page says so, and nobody acts without having signed in here."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

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
from httpx import ASGITransport, AsyncClient

NOWHERE = "http://127.0.0.1:1"
TOKEN = mint(issuer=SHOP.name, secret=SECRET, subject="grace", role=Role.OPERATOR, ttl=timedelta(minutes=5))
NOBODY = UUID(int=7)
SAGA = f"/sagas/{NOBODY}"
SIGN_IN = "/session"
"""It has no session yet that a form could belong to; where a request comes from is looked at instead."""


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


async def test_it_is_ready_whatever_is_down(client: AsyncClient) -> None:
    assert (await client.get("/health/ready")).status_code == 200


async def test_a_page_says_who_does_not_answer(client: AsyncClient) -> None:
    assert "orchestrator does not answer" in (await client.get("/sagas")).text
    for path in ("/shop", SAGA):
        answer = await client.get(path)
        assert answer.status_code == 503
        assert "does not answer" in answer.text


async def test_every_page_forbids_what_is_inline_and_what_is_of_elsewhere(client: AsyncClient) -> None:
    for path in ("/sagas", "/session", "/nowhere", "/shop"):
        answer = await client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


async def test_it_is_not_to_be_reached_under_a_name_of_elsewhere(client: AsyncClient) -> None:
    assert (await client.get("/sagas", headers={"Host": "elsewhere.example"})).status_code == 400


async def test_a_page_of_elsewhere_signs_nobody_in(client: AsyncClient) -> None:
    answer = await client.post("/session", data={"token": TOKEN}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_after_signing_in_one_is_led_to_no_other_site(client: AsyncClient) -> None:
    for then in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"):
        assert "elsewhere" not in (await client.get("/session", params={"then": then})).text.partition("<main")[2]


async def test_acting_needs_a_sign_in(client: AsyncClient) -> None:
    answer = await client.post(f"{SAGA}/retry", data={"reason": "why"})
    assert (answer.status_code, "sign in first" in answer.text) == (401, True)


@pytest.mark.parametrize("csrf", ["", "0" * 64])
async def test_whatever_is_posted_must_be_a_form_of_one_s_own(client: AsyncClient, csrf: str) -> None:
    client.cookies.set(COOKIE, TOKEN)
    pages = FastAPI()
    pages.include_router(router)
    paths = {path for path, methods in pages.openapi()["paths"].items() if "post" in methods}
    assert "/sagas/{saga_id}/{act}" in paths
    for path in paths - {SIGN_IN}:
        address = path.format(saga_id=NOBODY, message_id=NOBODY, service="order", act="retry")
        answer = await client.post(address, data={"reason": "why", "csrf": csrf})
        assert (answer.status_code, "not from a page of yours" in answer.text) == (403, True), path


async def test_acting_needs_a_reason(client: AsyncClient) -> None:
    client.cookies.set(COOKIE, TOKEN)
    answer = await client.post(f"{SAGA}/retry", data={"reason": " ", "csrf": read(TOKEN).csrf})
    assert (answer.status_code, "say why" in answer.text) == (422, True)


async def test_an_act_goes_to_the_service_that_does_it(client: AsyncClient) -> None:
    client.cookies.set(COOKIE, TOKEN)
    answer = await client.post(f"{SAGA}/retry", data={"reason": "why", "csrf": read(TOKEN).csrf})
    assert (answer.status_code, "orchestrator does not answer" in answer.text) == (503, True)


async def test_an_expired_sign_in_is_none(client: AsyncClient) -> None:
    client.cookies.set(
        COOKIE,
        mint(issuer=SHOP.name, secret=SECRET, subject="grace", role=Role.OPERATOR, ttl=timedelta(minutes=-5)),
    )
    assert "Sign in to act" in (await client.get("/sagas")).text
