"""The application of `examples/existing-app`, and what the other services of its system do to it."""

import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from counterstep.messaging.wire.amqp import to_amqp
from counterstep.messaging.wire.envelope import Envelope, command
from counterstep.protocol.headers import Headers
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from impersonator import impersonator
from infra.launcher.native.stack import Stack
from sqlalchemy.ext.asyncio import create_async_engine
from waiting import eventually
from yarl import URL

EXAMPLE: Final = Path(__file__).parents[1] / "examples/existing-app"
PASSWORD: Final = "of-the-library"  # noqa: S105 - of a broker and a database that end with the test
BOOK: Final = "9780552134620"


@dataclass(frozen=True)
class Library:
    """The example's messages, its application, and a channel by which the test plays the other services."""

    messages: Any
    app: FastAPI
    channel: AbstractChannel
    database_url: str

    def command(self, member: str) -> Envelope:
        """A command to lend the book to this member, as an orchestrator sends it."""
        headers = Headers(step="lend_book", direction="forward", attempt=1, reply_key="orchestrator")
        return command(self.messages.LendBook(isbn=BOOK, member=member), saga_id=uuid4(), headers=headers)

    async def send(self, envelope: Envelope) -> None:
        """Send it to the participant."""
        channel = await self.channel.get_underlay_channel()
        await channel.basic_publish(
            envelope.body,
            exchange=envelope.exchange,
            routing_key=envelope.routing_key,
            properties=to_amqp(envelope, sender="orchestrator"),
        )

    async def next(self, queue: str) -> AbstractIncomingMessage:
        """The next message that the library has sent to another service."""
        consumed = await self.channel.get_queue(queue, ensure=False)

        async def read() -> AbstractIncomingMessage | None:
            return await consumed.get(no_ack=True, fail=False)

        message = await eventually(read, until=bool)
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


@asynccontextmanager
async def prepared(stack: Stack) -> AsyncIterator[Library]:
    """The example of this folder, with a virtual host and a database of its own."""
    parts = {name: importlib.import_module(f"library.{name}") for name in ("app", "prepare", "contracts.lending")}
    async with AsyncExitStack() as at_end:
        await at_end.enter_async_context(virtual_host(stack, parts["prepare"].broker_definitions(PASSWORD)))
        database_url = await at_end.enter_async_context(database(stack, parts["prepare"].create_tables))
        others = await at_end.enter_async_context(impersonator(stack, "library"))
        connection = await at_end.enter_async_context(await aio_pika.connect(others))
        own = URL(stack.amqp_url).with_path("/library").with_user("lending").with_password(PASSWORD)
        app = parts["app"].application(amqp_url=str(own), database_url=database_url)
        yield Library(parts["contracts.lending"], app, await connection.channel(), database_url)


@asynccontextmanager
async def virtual_host(stack: Stack, definitions: Any) -> AsyncIterator[None]:
    async with stack.broker.management() as management:
        (await management.post("/api/definitions", json=definitions)).raise_for_status()
        try:
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
