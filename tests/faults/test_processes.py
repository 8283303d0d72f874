"""A process stops without ending: it holds its connections and does nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGCONT, SIGSTOP

import pytest
from infra.stack import Stack

from faults.market import Market


@asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[None]:
    """Inside the block the process stands still."""
    await asyncio.to_thread(stack.kill, name, SIGSTOP)
    try:
        yield
    finally:
        await asyncio.to_thread(stack.kill, name, SIGCONT)


@pytest.mark.parametrize("name", ["inventory", "payment", "orchestrator", "rabbitmq"])
async def test_while_a_process_stands_still_orders_are_accepted_and_afterwards_they_end(
    market: Market, name: str
) -> None:
    async with frozen(market.shop.stack, name), market.trading(50):
        pass
    await market.assert_sound()
