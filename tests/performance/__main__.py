"""What tracing costs: orders a second with a collector, without one, and with one that has gone silent.

Each round takes the three in turn, so that a machine that slows down slows all of them; ratios are of one round.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from infra.ports import Ports
from infra.stack import Stack
from rich.console import Console

from performance.collectors import BLACK_HOLE, COLLECTOR, NOWHERE, black_hole, send_traces_to
from performance.throughput import orders_per_second

ROUNDS: Final = 5

console = Console(highlight=False)


def main() -> None:
    """Measure on a private stack, and print each round and the medians of its ratios."""
    with tempfile.TemporaryDirectory() as home, black_hole() as hole:
        stack = Stack(Path(home) / "stack", Ports.free(), {})
        try:
            stack.up()
            endpoints = {NOWHERE: None, COLLECTOR: stack.traces.otlp_url, BLACK_HOLE: hole}
            rounds = [_measured(stack, endpoints, first=number % len(endpoints)) for number in range(ROUNDS)]
        finally:
            stack.clean()
    for other in (COLLECTOR, NOWHERE):
        ratios = [round_[BLACK_HOLE] / round_[other] for round_ in rounds]
        told = f"{median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        console.print(f"traces to {BLACK_HOLE} ÷ to {other}: {told}")


def _measured(stack: Stack, endpoints: dict[str, str | None], *, first: int) -> dict[str, float]:
    names = list(endpoints)
    found: dict[str, float] = {}
    for name in (*names[first:], *names[:first]):
        send_traces_to(stack, endpoints[name])
        found[name] = asyncio.run(orders_per_second(stack))
    console.print(", ".join(f"{name}: {found[name]:.1f} orders/s" for name in names))
    return found


if __name__ == "__main__":
    main()
