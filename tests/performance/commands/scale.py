"""The system with many ended sagas in its stores, in a long run, and with many waiting sagas."""

from pathlib import Path
from typing import Annotated

import typer

from performance.commands import options
from performance.commands.measuring import console, private_stack
from performance.results import Level
from performance.round import Load
from performance.scale import parts, report
from performance.scale.results import Backlog, Ended, Flat, Scale

SAMPLED = 0.1  # of the traces


def scale(  # noqa: PLR0913 - the command line
    *,
    sagas: Annotated[
        int, typer.Option(min=0, help="Ended sagas to fill stores with; 0 leaves it out.")
    ] = 1_000_000,
    flat: Annotated[int, typer.Option(min=0, help="Orders of the long run; 0 leaves it out.")] = 20_000,
    backlog: Annotated[int, typer.Option(min=0, help="Orders that wait; 0 leaves it out.")] = 5_000,
    seconds: options.Seconds = 8,
    rounds: options.Rounds = 5,
    at_once: Annotated[int, typer.Option(min=1, help="How many orders at once.")] = 32,
    seed: options.Seed = 7,
    out: options.Out = Path(".bench"),
) -> None:
    """Measure under growth: of the stores, of the time, and of a backlog."""
    load, level = Load(options.ALL_CONFIRMED, seed, seconds), Level(at_once=at_once)
    found = Scale(
        ended=_ended(sagas, load, level, rounds) if sagas else None,
        flat=_flat(flat, load, level) if flat else None,
        backlog=_backlog(backlog, load, level, rounds) if backlog else None,
    )
    console.print(report.screen(found))
    found.write(out / "scale.json")
    console.print("", str(out / "scale.json"), sep="\n")


def _ended(sagas: int, load: Load, level: Level, rounds: int) -> Ended:
    with private_stack(sampled=SAMPLED) as one, private_stack(sampled=SAMPLED) as other:
        return parts.ended(one, other, sagas, load, level, rounds)


def _flat(orders: int, load: Load, level: Level) -> Flat:
    with private_stack(sampled=SAMPLED) as stack:
        return parts.flat(stack, orders, load, level)


def _backlog(orders: int, load: Load, level: Level, rounds: int) -> Backlog:
    with private_stack(sampled=SAMPLED) as stack:
        return parts.backlog(stack, orders, load, level, rounds)
