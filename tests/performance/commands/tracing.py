"""What tracing costs: with a collector, without one, and with one that has gone silent."""

from pathlib import Path

from performance import report
from performance.collectors import BLACK_HOLE, COLLECTOR, NOWHERE, Traced, black_hole
from performance.commands import options
from performance.commands.measuring import console, measure, private_stack, results
from performance.results import Level
from performance.round import Load


def tracing(  # noqa: PLR0913 - the command line
    *,
    seconds: options.Seconds = 8,
    rounds: options.Rounds = 5,
    at_once: options.AtOnce = "32",
    seed: options.Seed = 7,
    sampled: options.Sampled = 1.0,
    out: options.Out = Path(".bench"),
) -> None:
    """Measure the same stack with its traces sent to different places, in turns."""
    levels: list[Level] = options.levels(at_once)
    load = Load(options.ALL_CONFIRMED, seed, seconds)
    with private_stack(sampled=sampled) as stack, black_hole() as hole:
        endpoints = {NOWHERE: None, COLLECTOR: stack.traces.otlp_url, BLACK_HOLE: hole}
        systems = [Traced(name, stack, endpoint) for name, endpoint in endpoints.items()]
        found = results(stack, load, measure(systems, levels, load, rounds))
    for level in levels:
        for system, base in ((COLLECTOR, NOWHERE), (BLACK_HOLE, COLLECTOR), (BLACK_HOLE, NOWHERE)):
            console.print("", report.paired(found, system, base, level))
    found.write(out / "tracing.json")
