"""What the commands share: a stack of their own, and going through the rounds."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.components.telemetry import SAMPLED
from infra.launcher.native.stack import Stack
from infra.machine.ports import Ports
from rich.console import Console

from performance import report
from performance.alternating import Measured, alternate
from performance.machine import machine, revision
from performance.results import Level, Results, Round
from performance.round import Load

OURS: Final = "counterstep"
WIDTH: Final = 110  # columns; the tables need them, also where nobody looks

console = Console(highlight=False)
console.width = max(console.width, WIDTH)


@contextmanager
def private_stack(*, sampled: float) -> Iterator[Stack]:
    """A stack that nobody else uses, with this share of the traces recorded; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="counterstep-bench-") as home:
        stack = Stack(Path(home) / "stack", Ports.free(), {SAMPLED: str(sampled)})
        try:
            stack.up()
            yield stack
        finally:
            stack.clean()


def measure(systems: Sequence[Measured], levels: Sequence[Level], load: Load, rounds: int) -> list[Round]:
    """Warm up, go through the rounds, and report each. Raises UserError."""
    for system in systems:
        system.warm_up(load)
    found = []
    for each in alternate(systems, levels, load, rounds):
        console.print(report.line(each))
        found.append(each)
    return found


def results(stack: Stack, load: Load, rounds: list[Round]) -> Results:
    return Results(
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        revision=revision(),
        machine=machine(stack),
        mix=",".join(f"{fate}={share:g}" for fate, share in load.mix.shares.items()),
        rounds=rounds,
    )
