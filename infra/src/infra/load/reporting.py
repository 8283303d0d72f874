"""What a load came to, for people while it runs and after, and for programs."""

from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from infra.load.mix import FATES
from infra.load.tally import LATE, Tally, percentile
from infra.screens.deployment import printable, table
from infra.screens.sagas import MILLISECOND, duration, words

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


def report(tally: Tally) -> Report:
    p50, p95 = (percentile(tally.latencies, share) for share in (MEDIAN, MOST))
    return Report(
        planned=len(tally.planned),
        offered=tally.offered,
        late=tally.late,
        accepted=tally.accepted,
        ended=len(tally.latencies),
        pending=len(tally.pending),
        unplanned=tally.unplanned,
        outcomes=dict(tally.outcomes),
        errors=dict(tally.errors),
        p50_ms=p50 / MILLISECOND if p50 else None,
        p95_ms=p95 / MILLISECOND if p95 else None,
        ended_per_second=round(tally.ended_per_second, 1),
        kept_the_rate=tally.kept_the_rate,
        well=tally.well,
    )


def screen(tally: Tally) -> RenderableType:
    """Show how it stands."""
    counts = table()
    for name, number in (
        ("offered", tally.offered),
        ("accepted", tally.accepted),
        ("ended", len(tally.latencies)),
        *((words(fate), tally.outcomes[fate]) for fate in FATES),
        *((printable(outcome), number) for outcome, number in tally.outcomes.items() if outcome not in FATES),
        *((f"error: {error}", number) for error, number in tally.errors.items()),
    ):
        indent = "" if name in {"offered", "accepted", "ended"} else "  "
        counts.add_row(indent + name, Text(f"{number:,}", justify="right"), _share(number, tally.offered))
    for name, share in (("p50 to the end", MEDIAN), ("p95 to the end", MOST)):
        length = percentile(tally.latencies, share)
        counts.add_row(name, Text(duration(length) if length else "", justify="right"))
    return counts


def verdict(tally: Tally) -> RenderableType:
    """Say what the figures are worth."""
    return Group("", *_judgements(tally))


def _judgements(tally: Tally) -> Iterator[Text]:
    if tally.well:
        yield Text.assemble(("✓ ", "green"), "Every order was sent in time, was accepted, and ended as it had to.")
    if not tally.kept_the_rate:
        yield _bad(
            f"The rate was not kept: {tally.late:,} of {len(tally.planned):,} orders were sent more than"
            f" {duration(LATE)} late. This program or this machine is too slow for it; the times include the wait."
        )
    if tally.errors:
        yield _bad(f"{tally.errors.total():,} orders were not accepted.")
    if tally.unplanned:
        yield _bad(f"{tally.unplanned:,} orders ended otherwise than they had to.")
    if tally.pending:
        yield _bad(f"{len(tally.pending):,} orders have not ended; `saga sagas list` shows where they stand.")
    yield Text(f"  {tally.ended_per_second:.1f} sagas ended a second, up to the last end.", "dim")


def _bad(what: str) -> Text:
    return Text.assemble(("✗ ", "bold red"), what)


def _share(number: int, total: int) -> Text:
    return Text(f"{number / total:.0%}" if total else "", "dim", justify="right")
