"""What was found about scale, for people."""

from collections.abc import Iterator
from statistics import median

from infra.screens.deployment import table
from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.text import Text

from performance import report
from performance.results import Results
from performance.scale.results import Backlog, Ended, Flat, Scale

EMPTY, FILLED = "empty", "filled"


def screen(found: Scale) -> RenderableType:
    """Show every part that was measured."""
    return Group(*_parts(found))


def _parts(found: Scale) -> Iterator[RenderableType]:
    if found.ended:
        yield from _ended(found.ended)
    if found.flat:
        yield from _flat(found.flat)
    if found.backlog:
        yield from _backlog(found.backlog)


def _ended(found: Ended) -> Iterator[RenderableType]:
    yield Text(f"\n{found.sagas:,} ended sagas, made up in {found.filling_seconds:.0f} s\n")
    for level in found.of.levels:
        yield report.paired(found.of, FILLED, EMPTY, level)
    rows = table("a page, ms", EMPTY, FILLED, "÷")
    for page, empty in found.pages[EMPTY].items():
        filled = found.pages[FILLED][page]
        rows.add_row(page, f"{empty:.1f}", f"{filled:.1f}", f"{filled / empty:.2f}")
    yield from (Text(), rows, Text())
    read = ", ".join(f"{name} {rows:,}" for name, rows in found.scanned.items() if rows)
    yield Text(f"rows read by sequential scans of the filled stack: {read or 'none'}")


def _flat(found: Flat) -> Iterator[RenderableType]:
    memory = found.memory
    rows = table("memory after", *(f"{sagas:,}" for sagas in memory.sagas), "a 1,000 more")
    for name, held in memory.resident.items():
        rows.add_row(name, *map(decimal, held), _signed(memory.growth[name]))
    yield from (Text(), rows)


def _backlog(found: Backlog) -> Iterator[RenderableType]:
    drained, closed = found.drained, _closed(found.of)
    rows = table("a backlog", "")
    rows.add_row("orders that waited", f"{drained.orders:,}")
    rows.add_row("placed in", f"{drained.placing_seconds:.0f} s")
    rows.add_row("ended in", f"{drained.seconds:.1f} s, from the orchestrator's start")
    rows.add_row("sagas/s", f"{drained.per_second:.1f}")
    rows.add_row("÷ the closed loop", f"{drained.per_second / closed:.2f} (of {closed:.1f} sagas/s)")
    rows.add_row("commands sent again", f"{drained.resent:,}")
    rows.add_row("ended otherwise than they must", f"{drained.otherwise:,}")
    yield from (Text(), rows)


def _closed(found: Results) -> float:
    return median(each.sagas_per_second for each in found.rounds)


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{decimal(abs(round(value)))}"
