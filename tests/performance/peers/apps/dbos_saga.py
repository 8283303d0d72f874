"""The saga on DBOS: a workflow of six transactions, each recorded in the same commit as its rows.

It is driven from within, so that no HTTP is paid for. A number on standard input starts a closed loop of that many
at once; the next line ends it, and what was measured is written as one line of JSON.
"""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import uuid4

import sqlalchemy as sa
from dbos import DBOS, AsyncSQLAlchemyDatasource

from performance.peers.loop import Loop

Step: TypeAlias = Callable[[dict[str, object]], Awaitable[None]]

PRODUCTS, CUSTOMERS = 20, 50

TABLES = """
CREATE TABLE orders (order_id text PRIMARY KEY, customer int NOT NULL, sku int NOT NULL, status text NOT NULL);
CREATE TABLE stock (sku int PRIMARY KEY, on_hand int NOT NULL, reserved int NOT NULL, sold int NOT NULL);
CREATE TABLE reservations (order_id text PRIMARY KEY, sku int NOT NULL, status text NOT NULL);
CREATE TABLE accounts (customer int PRIMARY KEY, available int NOT NULL, held int NOT NULL, captured int NOT NULL);
CREATE TABLE authorizations (order_id text PRIMARY KEY, customer int NOT NULL, status text NOT NULL);
"""

FILLED = {
    "INSERT INTO stock SELECT n, 1000000000, 0, 0 FROM generate_series(0, :rows - 1) n": PRODUCTS,
    "INSERT INTO accounts SELECT n, 1000000000, 0, 0 FROM generate_series(0, :rows - 1) n": CUSTOMERS,
}

STEPS = {
    "create_order": ("INSERT INTO orders VALUES (:order_id, :customer, :sku, 'pending')",),
    "reserve_stock": (
        "UPDATE stock SET on_hand = on_hand - 1, reserved = reserved + 1 WHERE sku = :sku",
        "INSERT INTO reservations VALUES (:order_id, :sku, 'held')",
    ),
    "authorize_payment": (
        "UPDATE accounts SET available = available - 100, held = held + 100 WHERE customer = :customer",
        "INSERT INTO authorizations VALUES (:order_id, :customer, 'held')",
    ),
    "capture_payment": (
        "UPDATE accounts SET held = held - 100, captured = captured + 100 WHERE customer = :customer",
        "UPDATE authorizations SET status = 'captured' WHERE order_id = :order_id",
    ),
    "commit_stock": (
        "UPDATE stock SET reserved = reserved - 1, sold = sold + 1 WHERE sku = :sku",
        "UPDATE reservations SET status = 'sold' WHERE order_id = :order_id",
    ),
    "approve_order": ("UPDATE orders SET status = 'confirmed' WHERE order_id = :order_id",),
}


async def main(url: str) -> None:
    psycopg = url.replace("postgresql://", "postgresql+psycopg://")
    _make_tables(psycopg)
    DBOS(config={"name": "bench", "system_database_url": psycopg, "log_level": "WARNING"})
    source = await AsyncSQLAlchemyDatasource.create(psycopg)

    def transaction(name: str, statements: tuple[str, ...]) -> Step:
        texts = [sa.text(each) for each in statements]

        async def step(order: dict[str, object]) -> None:
            for text in texts:
                await source.sql_session().execute(text, order)

        made: Step = source.transaction(name=name, isolation_level="READ COMMITTED")(step)
        return made

    steps = [transaction(name, statements) for name, statements in STEPS.items()]

    async def place_order(order: dict[str, object]) -> None:
        for step in steps:
            await step(order)

    workflow = DBOS.workflow()(place_order)

    async def saga() -> None:
        order = {"customer": random.randrange(CUSTOMERS), "sku": random.randrange(PRODUCTS)}  # noqa: S311 - no secret
        await workflow({"order_id": str(uuid4()), **order})

    DBOS.launch()
    await _serve(Loop(saga))


async def _serve(loop: Loop) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print("ready", flush=True)  # noqa: T201 - the answer
    while at_once := await lines.readline():
        running = asyncio.create_task(loop.run(int(at_once)))
        await lines.readline()
        loop.close()
        print(json.dumps(await running), flush=True)  # noqa: T201 - the answer


def _make_tables(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as sql:
        for statement in filter(str.strip, TABLES.split(";")):
            sql.execute(sa.text(statement))
        for statement, rows in FILLED.items():
            sql.execute(sa.text(statement), {"rows": rows})
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
