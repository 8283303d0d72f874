"""How many sagas a second end, how long one takes at which rate, and what each costs."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer
from infra.launcher.native.stack import Stack
from infra.machine.home import Home
from infra.machine.ports import Ports

from performance import report
from performance.commands import options
from performance.commands.measuring import OURS, console, measure, private_stack, results
from performance.floors.both import floors
from performance.plots import draw
from performance.results import Floor, Level, Results
from performance.round import System

BASELINE: Final = Path(__file__).parents[1] / "baseline.json"
SHARES: Final = (0.25, 0.5, 0.75, 0.9)
"""The rates of the open loop, as shares of what the closed loop's best level has shown."""


def load(  # noqa: PLR0913 - the command line
    *,
    seconds: options.Seconds = 8,
    rounds: options.Rounds = 3,
    at_once: options.AtOnce = "1,8,32,64,128,256",
    rates: Annotated[
        str, typer.Option(help="Orders a second, level by level; else 25, 50, 75 and 90 % of the most that ended.")
    ] = "",
    mix: Annotated[str, typer.Option(help="How often an order is to end how.")] = options.MIX,
    seed: options.Seed = 7,
    out: options.Out = Path(".bench"),
    compare: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Results to compare with; else the baseline.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="A checkout where `make up` runs, to measure in turns."),
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Our clients wait for an order's end in the request that places it.")
    ] = False,
    baseline: Annotated[bool, typer.Option("--baseline", help="Keep what was found as the baseline.")] = False,
) -> None:
    """Measure the system by its public HTTP API."""
    load = options.load_of(mix, seed, seconds)
    closed, opened = options.levels(at_once), options.rates(rates)
    base = options.results_in(known) if (known := compare or _if_there(BASELINE)) else None
    with private_stack(sampled=0.1) as stack:
        systems = [System(OURS, stack, waiting), *([System(str(against), _running(against))] if against else [])]
        measured = measure(systems, closed, load, rounds)
        found = results(stack, load, measured)
        opened = opened or _shares_of_best(found)
        measured += measure(systems, opened, load, rounds)
        found = found.model_copy(update={"rounds": measured})
        found = found.model_copy(update={"floors": _floors(stack, found, seconds)})
    _report(found, base, against, out)
    if baseline:
        found.write(BASELINE)


def _report(found: Results, base: Results | None, against: Path | None, out: Path) -> None:
    console.print(report.screen(found))
    if against:
        for level in found.levels:
            console.print(report.paired(found, OURS, str(against), level))
    if base:
        console.print(report.comparison(found, base))
    found.write(out / "results.json")
    console.print("", *(str(path) for path in (out / "results.json", *draw(found, out))), sep="\n")


def _shares_of_best(found: Results) -> list[Level]:
    most = report.throughput(found, OURS, report.best(found, OURS))
    return [Level(rate=round(share * most, 1)) for share in SHARES]


def _floors(stack: Stack, found: Results, seconds: float) -> list[Floor]:
    """Below the highest rate of the open loop: nobody looks at an order there, so every commit is the system's."""
    highest = max((level for level in found.levels if level.rate), key=lambda level: level.rate or 0.0)
    return asyncio.run(floors(stack, found.at(OURS, highest), seconds=seconds))


def _running(checkout: Path) -> Stack:
    home = Home((checkout / ".run").absolute())
    return Stack(home.path, Ports.resolve({}, home.ports))


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None
