"""Processes that stand still, and those that come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGCONT, SIGSTOP

from infra.launcher.native.stack import Stack
from waiting import eventually


@asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[None]:
    """Inside the block the process stands still."""
    await asyncio.to_thread(stack.kill, name, SIGSTOP)
    try:
        yield
    finally:
        await asyncio.to_thread(stack.kill, name, SIGCONT)


async def up(stack: Stack, name: str) -> None:
    """Wait until this part has come back from its last death."""
    await eventually(stack.parts[name].missing, until=lambda reason: reason is None)
