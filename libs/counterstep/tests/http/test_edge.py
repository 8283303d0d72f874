"""What stands before every application: the names it answers to, and the headers on all of its answers."""

from collections.abc import AsyncIterator

import pytest
from counterstep.http.database import OpenTransaction
from counterstep.http.docs_page import policy
from counterstep.http.hosts import HostCheck
from counterstep.http.security_headers import HEADERS
from counterstep.messaging.participant.participant import Participant
from counterstep.service.testing import offline
from fastapi import APIRouter
from httpx2 import AsyncClient
from pydantic import BaseModel
from sqlmodel import select
from starlette.types import Message, Receive, Scope, Send
from travel.topology import TRAVEL

router = APIRouter()


class Booking(BaseModel):
    nights: int


@router.get("/bookings")
@router.post("/bookings")
async def book(body: Booking | None = None) -> Booking | None:
    return body


@router.get("/stored")
async def stored(tx: OpenTransaction) -> None:
    await tx.session.exec(select(1))


@router.get("/bug")
async def bug() -> None:
    raise RuntimeError("unforeseen")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(Participant("hotel", TRAVEL), router, allowed_hosts=("shop.example", "*.inside")) as client:
        yield client


ANSWERS = {
    "a success": ("GET", "/bookings", {}, 200),
    "a metric": ("GET", "/metrics", {}, 200),
    "the documentation": ("GET", "/docs", {}, 200),
    "a static file": ("GET", "/static-offline-docs/swagger-ui.css", {}, 200),
    "a redirect": ("GET", "/bookings/", {}, 307),
    "an unknown host": ("GET", "/bookings", {"Host": "elsewhere.example"}, 400),
    "no token": ("GET", "/caller", {}, 401),
    "an unknown address": ("GET", "/nowhere", {}, 404),
    "a wrong method": ("DELETE", "/bookings", {}, 405),
    "a bug": ("GET", "/bug", {}, 500),
    "an outage": ("GET", "/stored", {}, 503),
    "a probe": ("GET", "/health/ready", {}, 503),
}


@pytest.mark.parametrize(("method", "path", "headers", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_every_answer_has_the_security_headers(
    client: AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert {name for name in HEADERS if name not in answer.headers} == set()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/bookings", "/nowhere", "/caller"])
async def test_an_answer_that_may_be_about_somebody_is_not_kept(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["Cache-Control"] == "no-store"


async def test_a_static_file_may_be_kept(client: AsyncClient) -> None:
    assert "Cache-Control" not in (await client.get("/static-offline-docs/swagger-ui.css")).headers


async def test_the_documentation_runs_its_own_script_and_no_other(client: AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["Content-Security-Policy"] == policy(page.content)
    assert "'unsafe-inline'" not in policy(page.content).partition("script-src")[2].partition(";")[0]
    assert policy(page.content) != policy(page.content.replace(b"</script>", b"alert()</script>"))


OUR_NAMES = (
    "localhost",
    "LocalHost:8001",
    "127.0.0.1",
    "127.0.0.1:65535",
    "[::1]",
    "[::1]:8001",
    "hotel",
    "hotel:8001",
    "shop.example",
    "shop.example.",
    "SHOP.example:443",
    "one.inside",
    "two.one.inside",
)
OTHER_NAMES = (
    "elsewhere.example",
    "shop.example.elsewhere",
    "notshop.example",
    "inside",
    "localhost@elsewhere",
    "localhost:8001@elsewhere",
    "localhost/elsewhere",
    "localhost:port",
    "localhost, elsewhere",
    "10.1.2.3",
    "[fe80::1]",
    "[::1]elsewhere",
    "::1:x",
    "",
    "\xff",
)


@pytest.mark.parametrize("host", OUR_NAMES)
async def test_a_server_answers_to_its_names(client: AsyncClient, host: str) -> None:
    assert (await client.get("/bookings", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", OTHER_NAMES)
@pytest.mark.parametrize("path", ["/bookings", "/bookings/", "/docs", "/metrics", "/health/live", "/bug"])
async def test_a_server_answers_to_no_other_name(client: AsyncClient, host: str, path: str) -> None:
    answer = await client.get(path, headers={b"Host": host.encode("latin-1")})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.json()["detail"]
    assert "location" not in answer.headers


async def test_of_two_hosts_both_must_be_ours(client: AsyncClient) -> None:
    two = [("Host", "localhost"), ("Host", "elsewhere.example")]
    assert (await client.get("/bookings", headers=two)).status_code == 400


async def asked(allowed: list[str], scope: Scope) -> int:
    """The status with which a server that has these names answers a request."""
    statuses: list[int] = []

    async def ours(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - as ASGI calls it
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await HostCheck(ours, allowed)({"type": "http", **scope}, receive, send)
    return statuses[0]


async def test_the_address_at_which_a_connection_arrived_is_a_name_of_the_server() -> None:
    here = {"headers": [(b"host", b"10.1.2.3:8001")], "server": ("10.1.2.3", 8001)}
    assert await asked([], here) == 200
    assert await asked([], {**here, "server": ("10.1.2.4", 8001)}) == 400


async def test_a_request_that_names_no_host_is_answered() -> None:
    assert await asked([], {"headers": [], "server": None}) == 200


async def test_a_star_stands_for_every_name() -> None:
    assert await asked(["*"], {"headers": [(b"host", b"any.example")], "server": None}) == 200
    assert await asked(["*"], {"headers": [(b"host", b"any@example")], "server": None}) == 400


@pytest.mark.parametrize("host", ["localhost:1", "shop.example", "evil.inside:99"])
@pytest.mark.parametrize(
    ("path", "location"),
    [("/bookings/", "/bookings"), ("/bookings/?a=//b", "/bookings?a=//b"), ("//evil.example/", None)],
)
async def test_a_redirect_leads_to_no_name_that_the_request_gives(
    client: AsyncClient, host: str, path: str, location: str | None
) -> None:
    answer = await client.get(f"http://localhost{path}", headers={"Host": host})
    assert answer.headers.get("Location") == location
