"""Reading every service's database, one connection each."""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
from contracts.topology import SERVICES
from infra.launcher.native.stack import Stack

from faults.evidence import Book, Claim, Effect, Figures, HistoryEntry, Order, SagaInstance, Scope

PARTICIPANTS = ("order", "inventory", "payment")

_INSTANCES = """
SELECT saga_id, status, step, direction, attempt, event
FROM saga_runs JOIN saga_history USING (saga_id) WHERE saga_id = ANY($1) ORDER BY saga_id, position
"""


class Databases:
    """Reads, and never writes."""

    def __init__(self, connections: Mapping[str, asyncpg.Connection]) -> None:
        self.connections = connections

    async def rows(self, service: str, query: str, *arguments: Any) -> list[Any]:
        return list(await self.connections[service].fetch(query, *arguments))

    async def orders(self, scope: Scope) -> dict[UUID, Order]:
        query = "SELECT order_id, saga_id, customer_id, status, lines FROM orders WHERE customer_id = ANY($1)"
        return {row[0]: _order(*row) for row in await self.rows("order", query, list(scope.paid_in))}

    async def stock(self, scope: Scope, published: Mapping[str, Figures]) -> Book:
        figures = await self.rows(
            "inventory", "SELECT sku, on_hand, reserved, sold FROM stock WHERE sku = ANY($1)", list(scope.stocked)
        )
        claims = await self.rows("inventory", "SELECT order_id, status, lines FROM reservations")
        return _book("stock", scope.stocked, figures, published, [_reservation(*row) for row in claims])

    async def money(self, scope: Scope, published: Mapping[str, Figures]) -> Book:
        figures = await self.rows(
            "payment",
            "SELECT customer_id, available, held, captured FROM accounts WHERE customer_id = ANY($1)",
            list(scope.paid_in),
        )
        claims = await self.rows("payment", "SELECT order_id, status, customer_id, amount FROM authorizations")
        return _book("money", scope.paid_in, figures, published, [_authorization(*row) for row in claims])

    async def instances(self, saga_ids: Collection[UUID]) -> dict[UUID, SagaInstance]:
        rows = await self.rows("orchestrator", _INSTANCES, list(saga_ids))
        return {
            saga_id: SagaInstance(saga_id, status, tuple(HistoryEntry(*row[2:]) for row in history))
            for (saga_id, status), history in groupby(rows, key=lambda row: tuple(row[:2]))
        }

    async def effects(self, saga_ids: Collection[UUID]) -> tuple[Effect, ...]:
        query = "SELECT saga_id, step, direction, reply_type FROM inbox WHERE saga_id = ANY($1)"
        found = {service: await self.rows(service, query, list(saga_ids)) for service in PARTICIPANTS}
        return tuple(Effect(service, *row) for service, rows in found.items() for row in rows)

    async def outboxes(self) -> dict[str, int]:
        return {name: (await self.rows(name, "SELECT count(*) FROM outbox"))[0][0] for name in self.connections}

    async def retries(self) -> dict[str, int]:
        return {name: (await self.rows(name, "SELECT count(*) FROM retries"))[0][0] for name in self.connections}

    async def dead_letters(self) -> dict[UUID, str]:
        """Those that wait, with their reasons."""
        query = "SELECT message_id, reason FROM dead_letters WHERE status = 'waiting'"
        return {row[0]: row[1] for name in self.connections for row in await self.rows(name, query)}


@asynccontextmanager
async def databases(stack: Stack) -> AsyncIterator[Databases]:
    """Connections with each service's own role. Raises `OSError` or `PostgresError` where one is away."""
    async with AsyncExitStack() as exits:
        connections = {}
        for name in SERVICES:
            connections[name] = await asyncpg.connect(stack.database_url(name), timeout=5, command_timeout=20)
            exits.callback(connections[name].terminate)
        yield Databases(connections)


def _order(order_id: UUID, saga_id: UUID, customer_id: str, status: str, lines: str) -> Order:
    read = json.loads(lines)
    total = sum(line["quantity"] * line["unit_price"]["amount"] for line in read)
    return Order(order_id, saga_id, customer_id, status, {line["sku"]: line["quantity"] for line in read}, total)


def _reservation(order_id: UUID, status: str, lines: str) -> Claim:
    words = {"reserved": "bound", "released": "freed", "committed": "gone"}
    return Claim(order_id, words[status], {line["sku"]: line["quantity"] for line in json.loads(lines)})


def _authorization(order_id: UUID, status: str, customer_id: str, amount: int) -> Claim:
    words = {"held": "bound", "voided": "freed", "captured": "gone"}
    return Claim(order_id, words[status], {customer_id: amount})


def _book(
    name: str,
    put_in: Mapping[str, int],
    figures: Collection[Any],
    published: Mapping[str, Figures],
    claims: Collection[Claim],
) -> Book:
    found = {row[0]: Figures(*row[1:]) for row in figures}
    return Book(name, put_in, found, published, {claim.order_id: claim for claim in claims})
