"""The result of a load: figures as JSON, and as text during and after it."""

from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from infra.load.measurements import LATE, Measurements, percentile
from infra.load.mix import FATES
from infra.machine.terminal import printable
from infra.machine.typed import as_typed
from infra.screens.deployment import table
from infra.screens.sagas import MILLISECOND, duration, plain

MEDIAN, MOST = 0.5, 0.95


class Report(BaseModel, frozen=True):
    """A load's figures; latencies run from when an order was due to its saga's end, in milliseconds."""

    planned: int
    offered: int
    late: int
    accepted: int
    ended: int
    pending: int
    unplanned: int
    outcomes: dict[str, int]
    errors: dict[str, int]
    p50_ms: float | None
    p95_ms: float | None
    ended_per_second: float
    kept_the_rate: bool
    well: bool


def report(measurements: Measurements) -> Report:
    p50, p95 = (percentile(measurements.latencies, share) for share in (MEDIAN, MOST))
    return Report(
        planned=len(measurements.planned),
        offered=measurements.offered,
        late=measurements.late,
        accepted=measurements.accepted,
        ended=len(measurements.latencies),
        pending=len(measurements.pending),
        unplanned=measurements.unplanned,
        outcomes=dict(measurements.outcomes),
        errors=dict(measurements.errors),
        p50_ms=p50 / MILLISECOND if p50 else None,
        p95_ms=p95 / MILLISECOND if p95 else None,
        ended_per_second=round(measurements.ended_per_second, 1),
        kept_the_rate=measurements.kept_the_rate,
        well=measurements.well,
    )


def screen(measurements: Measurements) -> RenderableType:
    """The current figures as a table."""
    counts = table()
    for name, number in (
        ("offered", measurements.offered),
        ("accepted", measurements.accepted),
        ("ended", len(measurements.latencies)),
        *((plain(fate), measurements.outcomes[fate]) for fate in FATES),
        *(
            (printable(outcome), number)
            for outcome, number in measurements.outcomes.items()
            if outcome not in FATES
        ),
        *((f"error: {error}", number) for error, number in measurements.errors.items()),
    ):
        indent = "" if name in {"offered", "accepted", "ended"} else "  "
        counts.add_row(indent + name, Text(f"{number:,}", justify="right"), _share(number, measurements.offered))
    for name, share in (("p50 to the end", MEDIAN), ("p95 to the end", MOST)):
        length = percentile(measurements.latencies, share)
        counts.add_row(name, Text(duration(length) if length else "", justify="right"))
    return counts


def verdict(measurements: Measurements) -> RenderableType:
    """Whether the load kept its rate, and whether every order ended as planned."""
    return Group("", *_judgements(measurements))


def _judgements(measurements: Measurements) -> Iterator[Text]:
    if measurements.well:
        yield Text.assemble(("✓ ", "green"), "Every order was sent in time, was accepted, and ended as planned.")
    if not measurements.kept_the_rate:
        yield _bad(
            f"The rate was not kept: {measurements.late:,} of {len(measurements.planned):,} orders"
            f" were sent more than {duration(LATE)} late. This program or this machine is too slow for it;"
            " the times include the wait."
        )
    if measurements.errors:
        yield _bad(f"{measurements.errors.total():,} orders were not accepted.")
    if measurements.unplanned:
        yield _bad(f"{measurements.unplanned:,} orders did not end as planned.")
    if measurements.pending:
        yield _bad(
            as_typed(f"{len(measurements.pending):,} orders have not ended; `saga sagas list` shows their status.")
        )
    yield Text(f"  {measurements.ended_per_second:.1f} sagas per second ended, up to the last one.", "dim")


def _bad(what: str) -> Text:
    return Text.assemble(("✗ ", "bold red"), what)


def _share(number: int, total: int) -> Text:
    return Text(f"{number / total:.0%}" if total else "", "dim", justify="right")
