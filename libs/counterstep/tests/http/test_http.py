"""What every service answers, whatever its idea: problems, tokens, limits, health."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from counterstep.http.auth import AnyCaller, Operator
from counterstep.http.database import OpenTransaction
from counterstep.http.roles import Role
from counterstep.http.views.problem import MEDIA_TYPE
from counterstep.messaging.participant.participant import Participant
from counterstep.service.testing import Bearer, offline
from fastapi import APIRouter
from httpx2 import AsyncClient, Response
from pydantic import BaseModel
from sqlmodel import select
from travel.topology import TRAVEL

CUSTOMER = Bearer("ada", Role.CUSTOMER)
OPERATOR = Bearer("root", Role.OPERATOR)
LIMIT = 64 * 1024

router = APIRouter()


class Booking(BaseModel):
    quantity: int


@router.post("/bookings")
async def book(body: Booking) -> Booking:
    return body


@router.get("/mine")
async def mine(caller: AnyCaller) -> str:
    return caller.subject


@router.get("/operators")
async def operators(caller: Operator) -> str:
    return caller.subject


@router.get("/stored")
async def stored(tx: OpenTransaction) -> None:
    await tx.session.exec(select(1))


@router.get("/bug")
async def bug() -> None:
    raise RuntimeError("the password is swordfish")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(Participant("hotel", TRAVEL), router) as client:
        yield client


def is_problem(answer: Response, status: int) -> bool:
    problem = answer.json()
    return (
        answer.status_code == problem["status"] == status
        and answer.headers["content-type"] == MEDIA_TYPE
        and bool(problem["title"] and problem["detail"])
    )


async def test_a_wrong_field_is_named(client: AsyncClient) -> None:
    answer = await client.post("/bookings", json={"quantity": "many"})
    assert is_problem(answer, 422)
    (error,) = answer.json()["errors"]
    assert error["field"] == "body.quantity"
    assert error["detail"] == "must be a whole number"


@pytest.mark.parametrize("body", [b'{"quantity":', b"\xff", b"[" * 10_000])
async def test_what_is_not_json_is_a_bad_request(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/bookings", content=body, headers={"Content-Type": "application/json"})
    assert is_problem(answer, 400)


async def test_an_unknown_address_is_not_found(client: AsyncClient) -> None:
    assert is_problem(await client.get("/nowhere"), 404)


async def test_a_wrong_method_is_refused_with_the_right_one(client: AsyncClient) -> None:
    answer = await client.delete("/bookings")
    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "POST"


async def test_a_bug_is_our_fault_and_keeps_its_secrets(client: AsyncClient) -> None:
    answer = await client.get("/bug")
    assert is_problem(answer, 500)
    assert "swordfish" not in answer.text


async def test_a_body_at_the_limit_is_read(client: AsyncClient) -> None:
    body = b'{"quantity":1}'.ljust(LIMIT)
    assert (await client.post("/bookings", content=body, headers={"Content-Type": "application/json"})).is_success


async def test_a_body_over_the_limit_is_refused(client: AsyncClient) -> None:
    assert is_problem(await client.post("/bookings", content=b" " * (LIMIT + 1)), 413)


async def test_a_streamed_body_over_the_limit_is_refused(client: AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1024

    assert is_problem(await client.post("/bookings", content=endless()), 413)


async def test_a_body_that_does_not_arrive_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterstep.http.web.BODY_SECONDS", 0.1)

    async def stuck() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with offline(Participant("hotel", TRAVEL), router) as client:
        assert is_problem(await client.post("/bookings", content=stuck()), 408)


async def test_no_token_is_unauthorized(client: AsyncClient) -> None:
    answer = await client.get("/mine")
    assert is_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("authorization", ["Bearer x.y.z", "Basic YWRh", "Bearer "])
async def test_a_bad_token_is_unauthorized(client: AsyncClient, authorization: str) -> None:
    assert is_problem(await client.get("/mine", headers={"Authorization": authorization}), 401)


async def test_a_token_names_the_caller(client: AsyncClient) -> None:
    assert (await client.get("/mine", auth=CUSTOMER)).json() == "ada"


async def test_the_wrong_role_is_forbidden(client: AsyncClient) -> None:
    assert is_problem(await client.get("/operators", auth=CUSTOMER), 403)
    assert (await client.get("/operators", auth=OPERATOR)).json() == "root"


async def test_an_absent_database_is_an_outage_not_a_bug(client: AsyncClient) -> None:
    answer = await client.get("/stored")
    assert is_problem(answer, 503)
    assert answer.headers["retry-after"] == "1"


async def test_a_service_without_its_database_is_live_and_not_ready(client: AsyncClient) -> None:
    assert (await client.get("/health/live")).status_code == 200
    ready = await client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["parts"]["database"] != "ok"


async def test_the_documentation_says_how_errors_look(client: AsyncClient) -> None:
    api = (await client.get("/openapi.json")).json()
    assert MEDIA_TYPE in api["paths"]["/bookings"]["post"]["responses"]["default"]["content"]


async def test_a_scrape_needs_no_token_and_no_database(client: AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "database_up 0.0" in answer.text


async def test_requests_are_counted_by_route_and_probes_and_scrapes_are_not(client: AsyncClient) -> None:
    for path in ("/bookings", "/nowhere/1", "/nowhere/2", "/health/live", "/metrics"):
        await client.get(path)
    requests = [
        line
        for line in (await client.get("/metrics")).text.splitlines()
        if line.startswith("http_server_request_duration_seconds_count")
    ]
    assert len(requests) == 2
    assert any('http_response_status_code="404",http_route=""' in line for line in requests)
