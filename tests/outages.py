"""Saga instances that wait for a service which does not run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from infra.launcher.native.stack import Stack
from shop import Shop
from waiting import eventually

BEHIND = "UPDATE deadlines SET due_at = now() - interval '1 minute' WHERE saga_id = $1 RETURNING step"


@asynccontextmanager
async def stopped(shop: Shop, service: str) -> AsyncIterator[None]:
    """Inside the block the service does not run."""
    await asyncio.to_thread(shop.stack.stop, service)
    try:
        yield
    finally:
        await asyncio.to_thread(shop.stack.start, service)


async def waiting_for_payment(shop: Shop, customer: str, sku: str) -> Any:
    """An order whose stock is reserved and whose payment is pending; payment must be stopped."""
    order = await shop.order(await shop.place(customer, {sku: 1}))
    await command_sent(shop, order["saga_id"], "authorize_payment")
    await succeeded(shop, order["saga_id"], "reserve_stock")
    return order


async def command_sent(shop: Shop, saga_id: str, step: str, *, attempt: int = 1) -> Any:
    """The saga, once this attempt at the step was sent."""
    return await _entered(shop, saga_id, (step, "asked", attempt))


async def succeeded(shop: Shop, saga_id: str, step: str) -> Any:
    """The saga, once the first attempt at the step has succeeded."""
    return await _entered(shop, saga_id, (step, "succeeded", 1))


async def _entered(shop: Shop, saga_id: str, wanted: tuple[str, str, int]) -> Any:
    return await eventually(
        lambda: _so_far(shop, saga_id),
        until=lambda seen: any((row["step"], row["event"], row["attempt"]) == wanted for row in seen["history"]),
    )


async def let_deadlines_pass(stack: Stack, saga_id: str) -> list[str]:
    """As if a minute had gone by; gives the steps that were awaited."""
    connection = await asyncpg.connect(stack.database_url("orchestrator"))
    try:
        return [row["step"] for row in await connection.fetch(BEHIND, saga_id)]
    finally:
        await connection.close()


async def _so_far(shop: Shop, saga_id: str) -> Any:
    """The saga; nothing has happened yet to one that is still on its way to the orchestrator."""
    answer = await shop.call("GET", "orchestrator", f"/sagas/{saga_id}")
    return {"history": []} if answer.status_code == 404 else answer.raise_for_status().json()
