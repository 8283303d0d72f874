"""Both clients send the same requests and end in the same ways, against a real HTTP server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from counterstep.client import AsyncClient, Client, Page, ProblemError, Request, UnavailableError
from pydantic import BaseModel


class Thing(BaseModel):
    name: str


THINGS = Request("GET", "/things", Page[Thing], query={"limit": 1, "status": None, "cursor": ""})
PROBLEM = {
    "title": "Conflict",
    "status": 409,
    "detail": "it has ended",
    "errors": [{"field": "body.reason", "detail": "missing"}],
}


class Server:
    """Gives prepared answers, and keeps the heads of the requests."""

    def __init__(self, *answers: tuple[int, str, object], after_seconds: float = 0) -> None:
        self._answers = list(answers)
        self._after_seconds = after_seconds
        self.heads: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        await asyncio.sleep(self._after_seconds)
        status, media_type, body = self._answers.pop(0)
        text = json.dumps(body).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: {media_type}\r\n"
            f"Content-Length: {len(text)}\r\n\r\n".encode()
            + text
        )
        writer.close()


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[str]:
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listener:
        yield "http://{}:{}".format(*listener.sockets[0].getsockname())


async def sent_both_ways(request: Request[Any], *answers: tuple[int, str, object]) -> tuple[Server, list[Any]]:
    """What the blocking and the asynchronous client make of the same answers: values, or errors."""
    server, made = Server(*answers, *answers), []
    async with listening(server) as url:
        with Client({"shop": url}, "a token") as client:
            made.append(
                (await asyncio.gather(asyncio.to_thread(client.send, "shop", request), return_exceptions=True))[0]
            )
        async with AsyncClient({"shop": url}, "a token") as async_client:
            made.append((await asyncio.gather(async_client.send("shop", request), return_exceptions=True))[0])
    return server, made


JSON = "application/json"


async def test_an_answer_is_read_as_its_type() -> None:
    page = {"items": [{"name": "lamp"}], "next_cursor": None}
    _, made = await sent_both_ways(THINGS, (200, JSON, page))
    assert made == [Page[Thing](items=[Thing(name="lamp")], next_cursor=None)] * 2


async def test_a_request_carries_the_token_and_only_what_is_given_of_the_query() -> None:
    server, _ = await sent_both_ways(THINGS, (200, JSON, {"items": [], "next_cursor": None}))
    for head in server.heads:
        assert head.startswith("GET /things?limit=1 HTTP/1.1")
        assert "authorization: bearer a token" in head.lower()


@pytest.mark.parametrize("wait", [0, 30])
async def test_a_client_is_as_patient_as_its_request_says(wait: int) -> None:
    request = Request("POST", "/things", Thing, body=Thing(name="lamp"), wait=wait)
    server = Server((200, JSON, {"name": "lamp"}), after_seconds=1)
    async with listening(server) as url, AsyncClient({"shop": url}, "a token", timeout=0.5) as client:
        (made,) = await asyncio.gather(client.send("shop", request), return_exceptions=True)
    assert ("prefer: wait=30" in server.heads[0].lower()) == bool(wait)
    assert isinstance(made, Thing if wait else UnavailableError)


async def test_a_problem_has_its_status_its_detail_and_the_wrong_fields() -> None:
    _, made = await sent_both_ways(THINGS, (409, "application/problem+json", PROBLEM))
    for error in made:
        assert isinstance(error, ProblemError)
        assert (error.service, error.status, str(error)) == ("shop", 409, "it has ended")
        assert [each.field for each in error.errors] == ["body.reason"]


async def test_a_server_s_own_error_is_a_service_that_does_not_answer() -> None:
    _, made = await sent_both_ways(THINGS, (503, JSON, "starting"))
    for error in made:
        assert isinstance(error, UnavailableError)
        assert (error.status, str(error)) == (503, 'shop does not answer: it answered 503: "starting"')


async def test_an_answer_of_another_shape_is_no_usable_answer() -> None:
    _, made = await sent_both_ways(THINGS, (200, JSON, {"what": "else"}))
    assert all(isinstance(error, UnavailableError) for error in made)


async def test_a_list_is_read_page_after_page() -> None:
    first = (200, JSON, {"items": [{"name": "lamp"}], "next_cursor": "more"})
    last = (200, JSON, {"items": [{"name": "mug"}], "next_cursor": None})
    server = Server(first, last, first, last)
    async with listening(server) as url:
        with Client({"shop": url}, "a token") as client:
            names = await asyncio.to_thread(lambda: [each.name for each in client.every("shop", THINGS)])
        async with AsyncClient({"shop": url}, "a token") as async_client:
            again = [each.name async for each in async_client.every("shop", THINGS)]
    assert names == again == ["lamp", "mug"]
    assert "cursor=more" in server.heads[1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9"])
def test_a_service_that_cannot_be_reached_is_named(url: str) -> None:
    with Client({"shop": url}, "a token") as client, pytest.raises(UnavailableError, match="shop does not answer"):
        client.send("shop", THINGS)
