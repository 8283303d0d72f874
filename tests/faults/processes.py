"""Faults of a process that goes on living."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGCONT, SIGSTOP

from infra.stack import Stack


@asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[None]:
    """Inside the block the process stands still."""
    await asyncio.to_thread(stack.kill, name, SIGSTOP)
    try:
        yield
    finally:
        await asyncio.to_thread(stack.kill, name, SIGCONT)
