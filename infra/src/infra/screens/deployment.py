"""Tables, addresses and errors, as the terminal shows them."""

from datetime import timedelta
from pathlib import Path

from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaDetail
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from shop_client import Order

from infra.components.rabbitmq.conf import ADMIN
from infra.launcher import Deployment
from infra.machine.terminal import printable
from infra.machine.typed import command
from infra.machine.user_error import UserError

OPERATOR = "grace"
LINK_HOURS = 12


def running(stack: Deployment) -> RenderableType:
    """The first thing to open."""
    return Text.assemble("\nEverything runs. Open the console: ", (stack.console.url, "bold"))


def first_order(order: Order, run: SagaDetail) -> RenderableType:
    """The outcome of the order that `up` places."""
    colour = "green" if order.status == "confirmed" else "yellow"
    code = f" ({order.code})" if order.code else ""
    why = f": {order.reason}{code}" if order.reason else ""
    told = "\nAn order of ", order.customer_id, " was placed and is ", (order.status, colour), why, "\n"
    trace = Text(f"\nIts trace: {run.trace_url}") if run.trace_url else ""
    return Group(Text.assemble(*told), entries(run), trace)


def entries(run: SagaDetail) -> RenderableType:
    """A saga's history, each entry with the time since the start."""
    rows = table()
    for entry in run.history:
        since = (entry.at - run.started_at).total_seconds() * 1000
        attempt = f" (attempt {entry.attempt})" if entry.attempt > 1 else ""
        detail = f": {printable(entry.detail)}" if entry.detail else ""
        rows.add_row(
            Text(f"{since:.0f} ms", "dim", justify="right"),
            entry.step.replace("_", " "),
            Text(entry.direction, "yellow" if entry.direction == "compensation" else "dim"),
            Text.assemble(entry.event.replace("_", " "), attempt, (detail, "dim")),
        )
    return rows


def addresses(stack: Deployment) -> RenderableType:
    """Every page's address."""
    rows = table()
    for name, url in stack.pages.items():
        rows.add_row(name, url)
        if name == stack.broker.name:
            password = _short(stack.home.secret_path(f"broker.{ADMIN}"))
            rows.add_row("", Text(f"user {ADMIN}, password: cat {password}", "dim"))
    return Group("", rows)


def sign_in_link(stack: Deployment) -> str:
    """The console's sign-in page with a token behind the `#`, which browsers send to no server."""
    token = stack.token(Role.OPERATOR, OPERATOR, timedelta(hours=LINK_HOURS))
    return f"{stack.console.url}/session#token={token}"


def next_steps(stack: Deployment) -> RenderableType:
    """How to sign in, how to place an order with curl, and the next commands."""
    order = '{"customer_id": "ada", "lines": [{"sku": "lamp", "quantity": 2}]}'
    trust = f" --cacert {_short(stack.home.tls.authority)}" if stack.home.tls.on else ""
    return Text(
        f"""
Sign in to the console as an operator, with a link that is good for {LINK_HOURS} hours:

  {sign_in_link(stack)}

Place an order yourself:

  TOKEN=$({command("saga token")} --role customer --subject ada)
  curl{trust} {stack.url("order")}/orders -H "Authorization: Bearer $TOKEN" \\
    -H "Idempotency-Key: $(date +%s%N)" -H "Content-Type: application/json" \\
    -d '{order}'

Then: make status · make logs · make down (keeps the data) · make help"""
    )


def table(*columns: str) -> Table:
    """A table in the common style; without columns it has no header."""
    return Table(
        *columns, box=None, show_header=bool(columns), header_style="dim", pad_edge=False, padding=(0, 3, 0, 2)
    )


def problem(failure: UserError) -> RenderableType:
    """An error, with the last lines of its log."""
    reason = Text.assemble(("✗ ", "bold red"), (failure.part, "bold"), f": {failure.reason}")
    return Group(reason, *(Text(f"  {line}", "dim") for line in failure.log))


def _short(path: Path) -> Path:
    """The path relative to the current folder, if it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
