"""Orders while something goes wrong: some can be had and paid, some cannot; then the checker judges."""

import asyncio
from asyncio import Task
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Self
from uuid import UUID

import asyncpg
import httpx2
from aio_pika.exceptions import AMQPError
from shop import PLENTY, PRICE, Shop
from waiting import eventually

from faults.checker import violations
from faults.databases import databases
from faults.evidence import Evidence, Scope
from faults.reading import read

UNREACHABLE = (OSError, TimeoutError, asyncpg.PostgresError, httpx2.HTTPError, AMQPError)


class Market:
    """Two customers and two products. Of every two orders one has a scarce product, the other a poor customer."""

    def __init__(self, shop: Shop, scope: Scope) -> None:
        self.shop = shop
        self.scope = scope
        self._lamp, self._desk = scope.stocked
        self._ada, self._bob = scope.paid_in

    @classmethod
    async def opened(cls, shop: Shop, *, lamps: int = 30, for_bob: int = 20) -> Self:
        """A market with this many lamps; bob can pay for this many desks; all else is plentiful."""
        lamp, desk = await shop.stocked("lamp", lamps), await shop.stocked("desk", PLENTY)
        ada, bob = await shop.customer("ada", PLENTY * PRICE), await shop.customer("bob", for_bob * PRICE)
        async with databases(shop.stack) as opened:
            dead_letters = await opened.dead_letters()
        scope = Scope(
            stocked={lamp: lamps, desk: PLENTY},
            paid_in={ada: PLENTY * PRICE, bob: for_bob * PRICE},
            dead_letters=dead_letters.keys(),
        )
        return cls(shop, scope)

    @asynccontextmanager
    async def trading(self, orders: int) -> AsyncIterator[list[Task[str]]]:
        """Inside the block this many orders are placed, all at once; at its end all are accepted."""
        wanted = [(self._ada, {self._lamp: 1, self._desk: 1}), (self._bob, {self._desk: 1})]
        placing = [asyncio.create_task(self.shop.place(*wanted[nth % 2])) for nth in range(orders)]
        try:
            yield placing
        finally:
            accepted = {UUID(order_id) for order_id in await asyncio.gather(*placing)}
            self.scope = replace(self.scope, accepted={*self.scope.accepted, *accepted})

    @asynccontextmanager
    async def busy(self, at_once: int = 5) -> AsyncIterator[None]:
        """Inside the block this many pairs of orders are in progress at any time, however long it takes."""
        closing = asyncio.Event()

        async def trade() -> None:
            while not closing.is_set():
                async with self.trading(2) as placing:
                    pass
                await self.shop.all_ended([each.result() for each in placing])

        traders = [asyncio.create_task(trade()) for _ in range(at_once)]
        try:
            yield
        finally:
            closing.set()
            await asyncio.gather(*traders)

    async def place(self) -> str:
        """One order that can be had and paid."""
        async with self.trading(1) as (placing,):
            pass
        return placing.result()

    def expect_dead(self, *message_ids: UUID) -> None:
        """These are to be dead letters at the end; no other is."""
        self.scope = replace(self.scope, dead_letters={*self.scope.dead_letters, *message_ids})

    async def evidence(self) -> Evidence:
        async with databases(self.shop.stack) as opened:
            return await read(self.shop, opened, self.scope)

    async def assert_sound(self, *, within: float = 60) -> None:
        """In time every order ends, and the checker finds nothing."""
        await eventually(self._violations, until=lambda found: not found, within=within)

    async def _violations(self) -> list[str]:
        try:
            return violations(await self.evidence())
        except UNREACHABLE as error:
            return [f"something is still away: {error!r}"]
