"""Requests that wait: which may, and when each is answered. Here is no database, so no row ever ends."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from counterstep.http.waiting import Ending, Waiting
from counterstep.http.waiting.waiters import Waiters
from fastapi import FastAPI, Response
from sqlmodel import Field, SQLModel
from waiting import eventually


class Excursion(SQLModel, table=True):
    """A row that ends."""

    number: int = Field(primary_key=True)
    status: str = "sent"


ARRIVED = Ending(Excursion, column="status", pending="sent")
NO_DATABASE: Any = None
MOST = 3
SOON = {"Prefer": "wait=1"}
LONG = {"Prefer": "wait=60"}


class Nothing:
    """A transaction in which nothing was done."""

    async def commit(self) -> None:
        pass


@pytest.fixture
def waiters() -> Waiters:
    return Waiters("postgresql://nowhere", NO_DATABASE, MOST)


@asynccontextmanager
async def serving(waiters: Waiters) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.state.waiters = waiters

    @app.post("/excursions/{number}", status_code=202)
    async def send(number: int, waiting: Waiting, response: Response, status: str = "sent") -> str:
        tx: Any = Nothing()
        ended = await waiting.until(tx, ARRIVED, Excursion(number=number, status=status))
        if ended:
            response.status_code = 200
        return ended.status if ended else "sent"

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve([listener]))
    host, port = listener.getsockname()
    try:
        async with httpx2.AsyncClient(base_url=f"http://{host}:{port}", timeout=120) as client:
            yield client
    finally:
        waiters.stop()
        server.should_exit = True
        await running


async def count(waiters: Waiters) -> int:
    return waiters.count


async def test_who_does_not_ask_is_answered_at_once(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        answer = await client.post("/excursions/1")
    assert (answer.status_code, "preference-applied" in answer.headers) == (202, False)


async def test_what_has_ended_already_is_the_answer(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        answer = await client.post("/excursions/1", params={"status": "arrived"}, headers=LONG)
    assert (answer.status_code, answer.json()) == (200, "arrived")


async def test_a_row_that_ends_is_given_to_everybody_who_waits_for_it(waiters: Waiters) -> None:
    with waiters.waiting(ARRIVED, 1) as first, waiters.waiting(ARRIVED, 1) as second:
        assert first is not None
        assert second is not None
        arrived = Excursion(number=1, status="arrived")
        first.answer(arrived)
        second.answer(arrived)
        second.answer(None)
        assert first.row is second.row is arrived


async def test_who_waits_is_answered_when_the_time_is_over(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        answer = await client.post("/excursions/1", headers=SOON)
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "wait=1")
    assert waiters.count == 0


async def test_one_request_too_many_is_answered_at_once_and_is_told_so(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        waiting = [
            asyncio.create_task(client.post(f"/excursions/{number}", headers=LONG)) for number in range(MOST)
        ]
        await eventually(lambda: count(waiters), until=lambda waits: waits == MOST)
        answer = await client.post("/excursions/9", headers=LONG)
        assert (answer.status_code, "preference-applied" in answer.headers) == (202, False)
        waiters.stop()
        assert {each.status_code for each in await asyncio.gather(*waiting)} == {202}


async def test_a_client_that_goes_away_makes_room_for_another(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        waiting = [
            asyncio.create_task(client.post(f"/excursions/{number}", headers=LONG)) for number in range(MOST)
        ]
        await eventually(lambda: count(waiters), until=lambda waits: waits == MOST)
        waiting[0].cancel()
        await eventually(lambda: count(waiters), until=lambda waits: waits == MOST - 1)
        waiters.stop()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_process_that_stops_answers_all_and_lets_none_wait_any_more(waiters: Waiters) -> None:
    async with serving(waiters) as client:
        waiting = asyncio.create_task(client.post("/excursions/1", headers=LONG))
        await eventually(lambda: count(waiters), until=lambda waits: waits == 1)
        waiters.stop()
        assert (await waiting).status_code == 202
        assert (await client.post("/excursions/2", headers=LONG)).status_code == 202
    assert waiters.count == 0
