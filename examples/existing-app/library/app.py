"""The application: a FastAPI app with FastStream's `RabbitBroker`. The lines that counterstep added are marked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from counterstep.messaging import Runtime
from fastapi import FastAPI, HTTPException
from faststream.rabbit import RabbitBroker

from library.books import Book
from library.contracts.lending import LoanRequested
from library.participant import lending


def application(*, amqp_url: str, database_url: str) -> FastAPI:
    """Build the application; nothing is opened before it starts."""
    broker = RabbitBroker(amqp_url)
    runtime = Runtime(lending, amqp_url=amqp_url, database_url=database_url, broker=broker)  # counterstep

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await broker.start()
        try:
            async with runtime:  # counterstep: begins after the broker, ends before it
                yield
        finally:
            await broker.stop()

    app = FastAPI(title="library", lifespan=lifespan)

    @broker.subscriber("book_drop")
    async def dropped(isbn: str) -> None:
        """A machine at the door has taken a book in."""
        async with runtime.transactions() as tx:
            if book := await tx.session.get(Book, isbn):
                book.member = None

    @app.get("/books/{isbn}")
    async def read(isbn: str) -> Book:
        async with runtime.transactions() as tx:
            if book := await tx.session.get(Book, isbn):
                return book
        raise HTTPException(404, f"there is no book {isbn}")

    @app.put("/books/{isbn}")
    async def put(isbn: str, title: str) -> Book:
        async with runtime.transactions() as tx:
            return await tx.session.merge(Book(isbn=isbn, title=title))

    @app.post("/loans", status_code=202)
    async def request_loan(isbn: str, member: str) -> UUID:
        """Start a saga: the event is published if, and only if, this transaction commits."""
        saga_id = uuid4()
        async with runtime.transactions() as tx:  # counterstep
            tx.publish(LoanRequested(isbn=isbn, member=member), saga_id=saga_id)
        return saga_id

    @app.get("/health")
    async def health() -> dict[str, str]:
        return await runtime.health()  # counterstep: of the database, the consumers and the relay

    return app
