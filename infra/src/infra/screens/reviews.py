"""Orders that wait for a person's decision, as the terminal shows them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text
from shop_client import Review, WaitingReviews

from infra.machine.terminal import printable
from infra.screens.deployment import table
from infra.screens.sagas import duration


def listed(found: Iterable[Review]) -> RenderableType:
    """One line for each review, and a second one for its decision. Ids are never cut: they are copied."""
    rows = table("order", "placed", "total", "what")
    rows.padding = (0, 1, 0, 1)
    for each in found:
        what = f"{each.customer_id}: {', '.join(f'{line.quantity} {line.sku}' for line in each.lines)}"
        decision = f"\n{each.status} by {each.decided_by}" if each.decided_by else ""
        reason = f": {each.reason}" if each.reason else ""
        rows.add_row(
            str(each.order_id),
            f"{each.placed_at.astimezone():%d %b %H:%M:%S}" if each.placed_at else "",
            Text(str(each.total), justify="right"),
            Text.assemble(printable(what), (printable(f"{decision}{reason}"), "dim")),
        )
    for column in rows.columns[:-1]:
        column.no_wrap = True
    return rows


def waiting_line(waiting: WaitingReviews) -> RenderableType:
    """How many wait, for how long, and what shows them."""
    orders = "1 order waits" if waiting.waiting == 1 else f"{waiting.waiting:,} orders wait"
    longest = f", the oldest for {duration(datetime.now(UTC) - waiting.since)}" if waiting.since else ""
    return Text.assemble(
        ("  • ", "bold cyan"), f"{orders} for a person's decision{longest}", ("  → saga reviews list", "dim")
    )
