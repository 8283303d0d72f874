"""An application that has a FastStream broker attaches a participant to it: `examples/existing-app`."""

import asyncio
from contextlib import AsyncExitStack
from typing import Final

import aio_pika
from library_app import BOOK, Library
from waiting import eventually

BLOCKED: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'library' AND wait_event_type = 'Lock'"


async def test_commands_are_answered_beside_the_applications_own_routes_and_subscribers(library: Library) -> None:
    async with library.running() as client:
        await eventually(lambda: client.get("/health"), until=lambda answer: {*answer.json().values()} == {"ok"})
        await client.put(f"/books/{BOOK}", params={"title": "Pyramids"})
        await library.send(library.command("ada"))
        assert (await library.next("orchestrator.replies")).type == "lending.book_lent.v1"
        await library.send(library.command("grace"))
        assert (await library.next("orchestrator.replies")).type == "lending.book_unavailable.v1"
        assert (await client.get(f"/books/{BOOK}")).json()["member"] == "ada"
        dropped = aio_pika.Message(f'"{BOOK}"'.encode(), content_type="application/json")
        await library.channel.default_exchange.publish(dropped, "book_drop")

        async def member() -> str | None:
            found: str | None = (await client.get(f"/books/{BOOK}")).json()["member"]
            return found

        await eventually(member, until=lambda name: name is None)


async def test_what_a_route_publishes_goes_out_by_the_outbox(library: Library) -> None:
    async with library.running() as client:
        saga_id = (await client.post("/loans", params={"isbn": BOOK, "member": "ada"})).json()
        event = await library.next("orchestrator.events")
        assert (event.type, event.correlation_id) == ("lending.loan_requested.v1", saga_id)


async def test_a_stop_finishes_the_commands_that_have_begun_and_acknowledges_them(library: Library) -> None:
    sent = 0

    async def leave_one() -> int:
        nonlocal sent
        sent += 1
        await library.send(library.command("ada"))
        return await library.waiting("lending.commands")

    async with AsyncExitStack() as running:
        client = await running.enter_async_context(library.running())
        await client.put(f"/books/{BOOK}", params={"title": "Pyramids"})
        async with library.locked_books() as sql:
            await leave_one()
            await eventually(lambda: sql.fetchval(BLOCKED), until=bool)
            stopping = asyncio.create_task(running.aclose())
            await eventually(leave_one, until=bool)  # as soon as nothing new is consumed
        await stopping
    answered = await library.waiting("orchestrator.replies")
    assert answered > 0
    assert answered + await library.waiting("lending.commands") == sent
