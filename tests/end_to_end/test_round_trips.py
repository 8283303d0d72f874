"""What a batch costs in statements, whatever its size, and a saga in messages: counted, not timed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

from contracts.catalogue import Line
from contracts.inventory import ReserveStock, StockReserved
from contracts.money import Money
from contracts.order import OrderPlaced
from contracts.payment import AuthorizePayment
from contracts.topology import SERVICES, SHOP
from counterstep.http.problems import Problem
from counterstep.http.roles import Caller, Role
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.database.database import Database
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.outbox.transaction import Transactions
from counterstep.messaging.wire.envelope import Envelope, command, event, reply
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.protocol.headers import Headers
from infra.launcher.native.stack import Stack
from inventory.handlers import inventory
from orchestrator.sagas import SAGAS
from order.api.orders import read_order
from order.api.placing import place
from order.api.views import NewOrder
from payment.handlers import payment
from scraping import scrape
from shop import PLENTY, Shop
from sqlalchemy.event import listen, remove
from waiting import eventually

LOCKING = 4
"""To begin, to read and lock, to write and to commit."""
OPTIMISTIC = 2
"""To read, and to write rows that no other transaction has changed."""
A_READ = 1
MESSAGES = 11
"""One event, five commands and their five replies."""


SCANNED = """
SELECT relname, seq_tup_read FROM pg_stat_user_tables
WHERE relname IN ('inbox', 'reservations', 'authorizations')
"""


class UndoneError(Exception):
    """The transaction was counted and is not to leave anything behind."""


class Counted:
    """Transactions that are never committed, with the statements that they sent."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.round_trips = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[PlatformTransaction]:
        async with self._database.transaction() as lease:
            connection = await lease.take()
            driver, orm = connection.driver, connection.orm.sync_connection
            await driver.execute("BEGIN")  # around it all, so that what is written alone is undone as well
            driver.add_query_logger(self._count)  # for the platform's statements
            listen(orm, "before_cursor_execute", self._count)  # for the session's, which are prepared
            transaction = PlatformTransaction(lease)
            yield transaction
            await transaction.finish(uuid4())
            await transaction.close()
            driver.remove_query_logger(self._count)
            remove(orm, "before_cursor_execute", self._count)
            self.round_trips += lease.is_begun  # it would be committed
            await driver.execute("ROLLBACK")
            raise UndoneError

    def _count(self, *_: Any) -> None:
        self.round_trips += 1


async def counted(stack: Stack, service: str, work: Callable[[Any], Awaitable[Any]]) -> int:
    """How often this goes to the service's database and back, from its beginning to its end."""
    database = Database(stack.database_url(service))
    for _ in range(2):  # the first time, the connection learns the types of the statement
        transactions = Counted(database)
        with suppress(UndoneError):
            await work(transactions)
    await database.close()
    return transactions.round_trips


def batch(queue: str, envelopes: Sequence[Envelope]) -> list[Received]:
    return [Received(envelope, queue) for envelope in envelopes]


def headers(step: str) -> Headers:
    return Headers(
        traceparent=f"00-{'1' * 32}-{'2' * 16}-00",
        step=step,
        direction="forward",
        attempt=1,
        reply_key="orchestrator",
    )


def placed(order_id: UUID) -> OrderPlaced:
    lines = (Line(sku="lamp", quantity=1),)
    return OrderPlaced(
        order_id=order_id, customer_id="ada", lines=lines, total=Money(amount=1), needs_review=False
    )


async def test_a_batch_of_commands_costs_four_round_trips_whatever_its_size(stack: Stack) -> None:
    for consumer, step in ((inventory, "reserve_stock"), (payment, "authorize_payment")):
        for size in (1, 50):
            commands = [
                ReserveStock(order_id=uuid4(), lines=(Line(sku="lamp", quantity=1),))
                if consumer is inventory
                else AuthorizePayment(order_id=uuid4(), customer_id="ada", amount=Money(amount=1))
                for _ in range(size)
            ]
            envelopes = [command(each, saga_id=uuid4(), headers=headers(step)) for each in commands]

            async def work(transactions: Any, work: Any = consumer.work, envelopes: Any = envelopes) -> None:
                async with transactions() as transaction:
                    await work(transaction, batch("commands", envelopes))

            assert await counted(stack, consumer.name, work) == LOCKING


async def test_a_batch_of_sagas_begun_costs_two_round_trips_whatever_its_size(stack: Stack) -> None:
    orchestrator = Orchestrator(SAGAS, SHOP)
    for size in (1, 50):
        unrecorded = f"00-{'1' * 32}-{'2' * 16}-00"
        events = [event(placed(uuid4()), saga_id=uuid4(), traceparent=unrecorded) for _ in range(size)]

        async def work(transactions: Any, events: Any = events) -> None:
            async with transactions() as transaction:
                await orchestrator.work(transaction, batch("orchestrator.events", events))

        assert await counted(stack, "orchestrator", work) == OPTIMISTIC


async def test_a_batch_of_replies_costs_two_round_trips_whatever_its_size(stack: Stack, shop: Shop) -> None:
    orchestrator = Orchestrator(SAGAS, SHOP)
    sku, ada = await shop.stocked("lamp", 1), await shop.customer("ada", PLENTY)
    (ended,) = await shop.all_ended([await shop.place(ada, {sku: 1})])
    answering = headers("reserve_stock").model_copy(update={"sender": "inventory"})
    for size in (1, 50):
        replies = [reply(StockReserved(), saga_id=UUID(ended["saga_id"]), headers=answering) for _ in range(size)]

        async def work(transactions: Any, replies: Any = replies) -> None:
            async with transactions() as transaction:
                await orchestrator.work(transaction, batch("orchestrator.replies", replies))

        assert await counted(stack, "orchestrator", work) == OPTIMISTIC


async def test_an_order_is_placed_in_two_round_trips(stack: Stack, shop: Shop) -> None:
    sku = await shop.stocked("lamp", 1)
    new = NewOrder(customer_id="ada", lines=(Line(sku=sku, quantity=1),))

    async def placing(transactions: Any) -> None:
        async with Transactions(transactions)() as tx:
            await place(tx, new, "ada", str(uuid4()))

    assert await counted(stack, "order", placing) == OPTIMISTIC


async def test_an_order_is_looked_at_in_one_round_trip(stack: Stack) -> None:
    ada = Caller(subject="ada", role=Role.CUSTOMER)

    async def read(transactions: Any) -> None:
        async with Transactions(transactions)() as tx:
            with suppress(Problem):  # there is none
                await read_order(uuid4(), ada, tx)

    assert await counted(stack, "order", read) == A_READ


async def test_what_a_participant_reads_it_finds_by_an_index(shop: Shop, stack: Stack) -> None:
    """Also where its tables were empty when its statements were planned."""
    sku, ada = await shop.stocked("lamp", 20), await shop.customer("ada", PLENTY)
    before = await read_from_end_to_end(stack)
    await shop.all_ended([await shop.place(ada, {sku: 1}) for _ in range(20)])
    assert await read_from_end_to_end(stack) == before


async def read_from_end_to_end(stack: Stack) -> dict[str, int]:
    """Rows of the participants' own tables that sequential scans have read, as far as PostgreSQL has counted."""
    found = {}
    for service in ("inventory", "payment"):
        async with stack.postgres.databases.session(service) as sql:
            await sql.execute("SELECT pg_stat_clear_snapshot()")
            for table, rows in await sql.fetch(SCANNED):
                found[f"{service}.{table}"] = rows
    return found


async def test_an_order_that_is_confirmed_takes_eleven_messages(shop: Shop) -> None:
    # Sagas of other tests may be under way; they can only add, and then it is counted again.
    await eventually(lambda: messages_for(shop, orders=20), until=lambda taken: taken == MESSAGES * 20, within=60)


async def messages_for(shop: Shop, *, orders: int) -> float:
    """The number of messages that are published while this many orders are confirmed."""
    sku, ada = await shop.stocked("lamp", orders), await shop.customer("ada", PLENTY)
    before = await published(shop)
    placed = [await shop.place(ada, {sku: 1}) for _ in range(orders)]
    ended = await shop.all_ended(placed)
    assert {order["status"] for order in ended} == {"confirmed"}
    for order in ended:
        await shop.saga_ended(order["saga_id"])
    return await published(shop) - before


async def published(shop: Shop) -> float:
    """How many messages of sagas the broker has taken from the services."""
    seen = {service: await scrape(shop, service) for service in SERVICES}
    return sum(
        seen[service].value("messaging_publishes_total", outcome="confirmed", exchange=exchange)
        for service in SERVICES
        for exchange in SHOP.service(service).publishes
    )
