"""An application that has a FastStream broker attaches a participant to it: `examples/existing-app`."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aio_pika
import asyncpg
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from counterstep.messaging.wire.amqp import to_amqp
from counterstep.messaging.wire.envelope import command
from counterstep.protocol.headers import Headers
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from infra.rabbitmq_conf import ADMIN
from infra.stack import Stack
from sqlalchemy.ext.asyncio import create_async_engine
from waiting import eventually
from yarl import URL

EXAMPLE: Final = Path(__file__).parents[2] / "examples/existing-app"
PASSWORD: Final = "of-the-library"  # noqa: S105 - of a broker and a database that end with the test
EVERYTHING: Final = {"configure": ".*", "write": ".*", "read": ".*"}
BOOK: Final = "9780552134620"
BLOCKED: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'library' AND wait_event_type = 'Lock'"


@dataclass(frozen=True)
class Library:
    """The example's messages, its application, and a channel by which the test plays the other services."""

    messages: Any
    app: FastAPI
    channel: AbstractChannel
    database_url: str

    async def lend(self, member: str) -> None:
        """Send the participant a command, as an orchestrator does."""
        headers = Headers(step="lend_book", direction="forward", attempt=1, reply_key="orchestrator")
        asked = command(self.messages.LendBook(isbn=BOOK, member=member), saga_id=uuid4(), headers=headers)
        channel = await self.channel.get_underlay_channel()
        await channel.basic_publish(
            asked.body,
            exchange=asked.exchange,
            routing_key=asked.routing_key,
            properties=to_amqp(asked, sender=ADMIN),
        )

    async def next(self, queue: str) -> AbstractIncomingMessage:
        """The next message that the library has sent to another service."""
        consumed = await self.channel.get_queue(queue, ensure=False)

        async def look() -> AbstractIncomingMessage | None:
            return await consumed.get(no_ack=True, fail=False)

        message = await eventually(look, until=bool)
        assert message
        return message

    async def waiting(self, queue: str) -> int:
        """How many messages are in the queue."""
        declared = await self.channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0

    @asynccontextmanager
    async def locked_books(self) -> AsyncIterator[asyncpg.Connection]:
        """Nobody else can change a book during the block."""
        sql = await asyncpg.connect(self.database_url)
        try:
            async with sql.transaction():
                await sql.execute("SELECT FROM books FOR UPDATE")
                yield sql
        finally:
            await sql.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[AsyncClient]:
        """A client of the application, which runs during the block."""
        async with (
            self.app.router.lifespan_context(self.app),
            AsyncClient(transport=ASGITransport(self.app), base_url="http://library") as client,
        ):
            yield client


@pytest.fixture
async def library(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Library]:
    """The example, with a virtual host and a database of its own."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    parts = {name: importlib.import_module(f"library.{name}") for name in ("app", "prepare", "contracts.lending")}
    async with AsyncExitStack() as at_end:
        await at_end.enter_async_context(virtual_host(stack, parts["prepare"].broker_definitions(PASSWORD)))
        database_url = await at_end.enter_async_context(database(stack, parts["prepare"].create_tables))
        admin = URL(stack.amqp_url).with_path("/library")
        connection = await at_end.enter_async_context(await aio_pika.connect(admin))
        own = admin.with_user("lending").with_password(PASSWORD)
        app = parts["app"].application(amqp_url=str(own), database_url=database_url)
        yield Library(parts["contracts.lending"], app, await connection.channel(), database_url)


async def test_commands_are_answered_beside_the_applications_own_routes_and_subscribers(library: Library) -> None:
    async with library.running() as client:
        await eventually(lambda: client.get("/health"), until=lambda answer: {*answer.json().values()} == {"ok"})
        await client.put(f"/books/{BOOK}", params={"title": "Pyramids"})
        await library.lend("ada")
        assert (await library.next("orchestrator.replies")).type == "lending.book_lent.v1"
        await library.lend("grace")
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
        await library.lend("ada")
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


@asynccontextmanager
async def virtual_host(stack: Stack, definitions: Any) -> AsyncIterator[None]:
    async with stack.broker.management() as management:
        (await management.post("/api/definitions", json=definitions)).raise_for_status()
        try:
            (await management.put(f"/api/permissions/library/{ADMIN}", json=EVERYTHING)).raise_for_status()
            yield
        finally:
            await management.delete("/api/vhosts/library")
            await management.delete("/api/users/lending")


@asynccontextmanager
async def database(stack: Stack, create_tables: Any) -> AsyncIterator[str]:
    """The address of a new database with these tables."""
    url = URL(stack.database_url("order")).with_path("/library").with_user("library").with_password(PASSWORD)
    async with stack.postgres.databases.session("postgres") as sql:
        await sql.execute(f"CREATE ROLE library LOGIN PASSWORD '{PASSWORD}'")
        await sql.execute("CREATE DATABASE library OWNER library")
        try:
            engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(str(url)))
            async with engine.begin() as connection:
                await connection.run_sync(create_tables)
            await engine.dispose()
            yield str(url)
        finally:
            await sql.execute("DROP DATABASE library WITH (FORCE)")
            await sql.execute("DROP ROLE library")
