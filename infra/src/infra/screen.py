"""What a person reads: tables and addresses, made from what the rest of infra knows."""

from datetime import timedelta
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.failure import Failure
from infra.first_order import CUSTOMER, SagaRun, Settled
from infra.rabbitmq import ADMIN
from infra.stack import Stack
from infra.status import Status


def timeline(order: Settled, run: SagaRun) -> RenderableType:
    """Show what happened to an order, each entry with the time since its saga began."""
    table = _table()
    for entry in run.history:
        since = (entry.at - run.started_at).total_seconds() * 1000
        table.add_row(
            Text(f"{since:.0f} ms", "dim", justify="right"),
            (entry.step or "").replace("_", " "),
            Text(entry.direction or "", "yellow" if entry.direction == "undo" else "dim"),
            entry.event.replace("_", " "),
        )
    colour = "green" if order.status == "confirmed" else "yellow"
    why = f": {order.reason}" if order.reason else ""
    title = Text.assemble("\nAn order of ", CUSTOMER, " was placed and is ", (order.status, colour), why, "\n")
    return Group(title, table)


def addresses(stack: Stack) -> RenderableType:
    """Show every address."""
    table = _table()
    for name in stack.services:
        table.add_row(name, f"{stack.url(name)}/docs")
    password = _short(stack.home.secret_path(f"broker.{ADMIN}"))
    table.add_row("rabbitmq", stack.broker.management_url)
    table.add_row("", Text(f"user {ADMIN}, password: cat {password}", "dim"))
    return Group("", table)


def next_steps(stack: Stack) -> RenderableType:
    """Show how to place an order oneself, and how to stop."""
    order = '{"customer_id": "ada", "lines": [{"sku": "lamp", "quantity": 2}]}'
    return Text(
        f"""
Place one yourself:

  TOKEN=$(.venv/bin/saga token --role customer --subject ada)
  curl {stack.url("order")}/orders -H "Authorization: Bearer $TOKEN" \\
    -H "Idempotency-Key: $(date +%s)" -H "Content-Type: application/json" \\
    -d '{order}'

Then: make status · make logs · make down (keeps the data) · make help"""
    )


def problem(failure: Failure) -> RenderableType:
    """Show what went wrong, and the last lines of its log."""
    reason = Text.assemble(("✗ ", "bold red"), (failure.part, "bold"), f": {failure.reason}")
    return Group(reason, *(Text(f"  {line}", "dim") for line in failure.log))


def statuses(found: list[Status]) -> RenderableType:
    """Show every part: its state, since when, and where it is."""
    table = _table("part", "state", "pid", "up for", "address")
    for status in found:
        process = status.process
        table.add_row(
            status.part.name,
            _state(status),
            str(process.pid) if process else "",
            str(timedelta(seconds=process.now - process.start)) if process else "",
            Text(status.part.address, "" if process else "dim"),
        )
    return table


def _state(status: Status) -> Text:
    if status.usable:
        return Text("ready", "green")
    if status.process:
        return Text(f"not ready: {status.missing}", "yellow")
    return Text("stopped", "dim")


def _table(*columns: str) -> Table:
    return Table(
        *columns, box=None, show_header=bool(columns), header_style="dim", pad_edge=False, padding=(0, 3, 0, 2)
    )


def _short(path: Path) -> Path:
    """Relative to where the person stands, where it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
