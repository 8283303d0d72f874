"""What was measured, for people."""

from collections.abc import Callable, Iterator, Mapping
from statistics import median

from infra.screens.deployment import table
from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.text import Text

from performance.results import Floor, Level, Results, Round
from performance.spread import Spread

FIGURES: Mapping[str, Callable[[Round], float]] = {
    "sagas/s": lambda each: each.sagas_per_second,
    "p50": lambda each: each.latency.p50,
    "p99": lambda each: each.latency.p99,
    "CPU a saga": lambda each: each.system_cpu_ms,
}
ALONE = Level(at_once=1)
BYTES = frozenset({"broker.bytes_in", "broker.bytes_out", "postgres.wal_bytes"})


def line(measured: Round) -> str:
    """One round, while the next is measured."""
    return (
        f"{measured.system}, {measured.level}: {measured.sagas_per_second:.1f} sagas/s,"
        f" p50 {measured.latency.p50:.1f} ms, {measured.system_cpu_ms:.2f} ms of CPU a saga"
    )


def screen(results: Results) -> RenderableType:
    """Show all of it: medians over the rounds, the foremost with the least and the most."""
    return Group(*_tables(results))


def comparison(results: Results, base: Results) -> RenderableType:
    """Show each of our figures relative to the base's median, at every level that both have."""
    rows = table("÷ " + base.revision, "", *FIGURES)
    for system in results.systems:
        for level in results.levels:
            ours, theirs = results.at(system, level), base.at(system, level)
            if ours and theirs:
                rows.add_row(system, str(level), *(_over(ours, theirs, figure) for figure in FIGURES.values()))
    other = results.machine != base.machine
    warning = Text("another machine measured the base: these ratios say little", "yellow") if other else Text()
    return Group(Text(), rows, warning)


def paired(results: Results, system: str, base: str, level: Level) -> RenderableType:
    """Show one system over another, each round by itself."""
    rows = table(f"{system} ÷ {base}, {level}", "median (least to most)")
    ours, theirs = results.at(system, level), results.at(base, level)
    for name, figure in FIGURES.items():
        rows.add_row(
            name, str(Spread.of_ratios([figure(each) for each in ours], [figure(each) for each in theirs]))
        )
    return rows


def at_their_best(results: Results, system: str, base: str) -> RenderableType:
    """Show one system over another: throughput with each at its best level, latency with one order at a time."""
    ours, theirs = best(results, system), best(results, base)
    rows = table(f"{system} ÷ {base}", "median (least to most)")
    most = Spread.of_ratios(
        [each.sagas_per_second for each in results.at(system, ours)],
        [each.sagas_per_second for each in results.at(base, theirs)],
    )
    rows.add_row(f"sagas/s, {ours} ÷ {theirs}", str(most))
    if alone := results.at(system, ALONE):
        p50 = Spread.of_ratios(
            [each.latency.p50 for each in alone], [each.latency.p50 for each in results.at(base, ALONE)]
        )
        rows.add_row(f"p50, {ALONE}", str(p50))
    return rows


def best(results: Results, system: str) -> Level:
    """The closed loop's level at which most sagas end."""
    closed = [level for level in results.levels if level.at_once and results.at(system, level)]
    return max(closed, key=lambda level: throughput(results, system, level))


def throughput(results: Results, system: str, level: Level) -> float:
    return median(each.sagas_per_second for each in results.at(system, level))


def _over(ours: list[Round], theirs: list[Round], figure: Callable[[Round], float]) -> str:
    base = median(map(figure, theirs))
    return str(Spread.of(figure(each) / base for each in ours))


def _tables(results: Results) -> Iterator[RenderableType]:
    for system in results.systems:
        rows = table(system, "sagas/s", "p50, ms", "p95, ms", "p99, ms", "CPU ms a saga", "put off")
        for level in results.levels:
            if found := results.at(system, level):
                rows.add_row(str(level), *_row(found))
        yield Group(Text(), rows)
    for system in results.systems:
        for title, figures, written in (
            ("CPU ms a saga", lambda each: each.cpu_ms, _plain),
            ("a saga takes", lambda each: each.per_saga, _sized),
            ("messages a batch", lambda each: each.batch_sizes, _plain),
        ):
            yield from _grid(f"{system}: {title}", _medians(results, system, figures), written)
    if results.floors:
        yield Group(Text(), _floors(results.floors))


def _row(found: list[Round]) -> Iterator[str]:
    yield str(Spread.of(each.sagas_per_second for each in found))
    yield str(Spread.of(each.latency.p50 for each in found))
    yield f"{median(each.latency.p95 for each in found):,.0f}"
    yield f"{median(each.latency.p99 for each in found):,.0f}"
    yield str(Spread.of(each.system_cpu_ms for each in found))
    yield str(sum(each.put_off for each in found) or "")


def _medians(
    results: Results, system: str, figures: Callable[[Round], Mapping[str, float]]
) -> dict[Level, dict[str, float]]:
    found: dict[Level, dict[str, float]] = {}
    for level in results.levels:
        rounds = [figures(each) for each in results.at(system, level)]
        names = list(dict.fromkeys(name for each in rounds for name in each))
        if names:
            found[level] = {name: median(each[name] for each in rounds if name in each) for name in names}
    return found


def _grid(
    title: str, found: Mapping[Level, Mapping[str, float]], written: Callable[[str, float], str]
) -> Iterator[RenderableType]:
    """What is measured down, the levels across."""
    names = list(dict.fromkeys(name for each in found.values() for name in each))
    if not names:
        return
    rows = table(title, *map(str, found))
    for name in names:
        rows.add_row(name, *(written(name, each[name]) if name in each else "" for each in found.values()))
    yield Group(Text(), rows)


def _plain(_: str, value: float) -> str:
    return f"{value:.2f}"


def _sized(name: str, value: float) -> str:
    return decimal(round(value)) if name in BYTES else f"{value:.1f}"


def _floors(floors: list[Floor]) -> RenderableType:
    rows = table("the floor", "sagas/s", "CPU ms a saga", "what it does for each saga")
    for each in floors:
        cpu = ", ".join(f"{name} {value:.2f}" for name, value in each.cpu_ms.items())
        rows.add_row(each.name, f"{each.sagas_per_second:,.0f}", cpu, each.what)
    return rows
