"""What each part keeps in memory while orders come and end."""

import asyncio
from collections.abc import Iterator
from typing import Final

import psutil
from infra.launcher.native.stack import Stack
from infra.load.planning import Planned

from performance.client import client
from performance.closed_loop import ClosedLoop
from performance.results import Level
from performance.round import Load, System
from performance.scale.results import Memory

PARTS: Final = 5


def measure_memory(system: System, load: Load, orders: int, level: Level) -> Memory:
    """Read it at the beginning and after each part of this many orders. Raises UserError if one does not end."""
    planned = load.orders(orders, 1)
    system.fill(planned)
    sagas, readings = [0], [read_memory(system.stack)]
    for part in range(PARTS):
        rest = planned[sagas[-1] : (part + 1) * len(planned) // PARTS]
        asyncio.run(_trade(system.stack, iter(rest), level.at_once or 1))
        sagas.append(sagas[-1] + len(rest))
        readings.append(read_memory(system.stack))
    names = [name for name in readings[0] if all(name in each for each in readings)]
    return Memory(sagas=sagas, resident={name: [each[name] for each in readings] for name in names})


def read_memory(stack: Stack) -> dict[str, int]:
    """Bytes by part, of its process and every child."""
    processes = stack.supervision.processes()
    return {name: sum(_own(each.pid)) for name, each in sorted(processes.items()) if each.alive}


def _own(pid: int) -> Iterator[int]:
    """What is resident and not shared: PostgreSQL's buffers would count once for each of its connections."""
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            memory = process.memory_info()
        except psutil.NoSuchProcess:  # it has just ended
            continue
        yield memory.rss - getattr(memory, "shared", 0)


async def _trade(stack: Stack, orders: Iterator[Planned], at_once: int) -> None:
    async with client(stack) as lean:
        await ClosedLoop(lean, orders, at_once).run()
