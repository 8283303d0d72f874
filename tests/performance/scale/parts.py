"""The parts of the measurement, each on stacks that nobody else uses."""

import asyncio
import time

from infra.launcher.native.stack import Stack

from performance.commands.measuring import OURS, console, measure, results
from performance.results import Level
from performance.round import Load, System
from performance.scale.backlog import drain
from performance.scale.filling import fill
from performance.scale.memory import measure_memory
from performance.scale.pages import pages
from performance.scale.report import EMPTY, FILLED
from performance.scale.results import Backlog, Ended, Flat
from performance.scale.scans import scanned


def ended(one: Stack, other: Stack, sagas: int, load: Load, level: Level, rounds: int) -> Ended:  # noqa: PLR0913, PLR0917
    """Fill the other with this many ended sagas, and measure both in turns. Raises UserError."""
    empty, filled = System(EMPTY, one), System(FILLED, other)
    filled.warm_up(load)
    console.print(f"making up {sagas:,} ended sagas")
    begun = time.monotonic()
    asyncio.run(fill(other, sagas))
    took = time.monotonic() - begun
    before = asyncio.run(scanned(other))
    measured = results(one, load, measure((empty, filled), [level], load, rounds))
    shown = {each.name: asyncio.run(pages(each.stack)) for each in (empty, filled)}
    after = asyncio.run(scanned(other))
    read = {table: rows - before[table] for table, rows in after.items()}
    return Ended(sagas=sagas, filling_seconds=took, pages=shown, scanned=read, of=measured)


def flat(stack: Stack, orders: int, load: Load, level: Level) -> Flat:
    """Process this many orders, and read the memory while they run. Raises UserError."""
    system = System(OURS, stack)
    system.warm_up(load)
    console.print(f"placing {orders:,} orders, {level}")
    return Flat(memory=measure_memory(system, load, orders, level), of=results(stack, load, []))


def backlog(stack: Stack, orders: int, load: Load, level: Level, rounds: int) -> Backlog:
    """Let this many orders wait, and then end; the closed loop comes first. Raises UserError."""
    system = System(OURS, stack)
    measured = results(stack, load, measure([system], [level], load, rounds))
    console.print(f"placing {orders:,} orders while the orchestrator is stopped")
    return Backlog(drained=drain(system, load, orders), of=measured)
