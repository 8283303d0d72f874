"""`saga break`: switch faults on, on purpose, in every process of the stack that runs, and off again."""

from typing import Annotated, Final

import typer
from counterstep.chaos.views import Board
from counterstep.client import Client, ProblemError, Request, faults
from counterstep.protocol.control import LONGEST, Faults

from infra.cli.terminal import AsJson, checkout, console, operator
from infra.screens.deployment import table

app = typer.Typer(no_args_is_help=True)

Services = Annotated[list[str], typer.Argument(help="Which services, such as payment.")]
Percent = Annotated[float, typer.Option(min=0, max=100, help="In percent.")]
Seconds = Annotated[float, typer.Option(min=0, max=30, help="In seconds.")]

NOT_FOUND: Final = 404
RELAYING_SERVICE: Final = "orchestrator"
"""The service that is called; it tells all the others."""


@app.command("list")
def list_(*, json: AsJson = False) -> None:
    """Show what is on, and until when."""
    _show(faults.read(), as_json=json)


@app.command()
def on(  # noqa: PLR0913 - one parameter for each option
    services: Services,
    *,
    refuses: Percent = 0,
    slow: Seconds = 0,
    silent: Annotated[bool, typer.Option("--silent", help="Takes no message.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Handles every message twice.")] = False,
    paused: Annotated[bool, typer.Option("--paused", help="Publishes nothing.")] = False,
    http_slow: Seconds = 0,
    http_unavailable: Percent = 0,
    seconds: Annotated[
        int, typer.Option("--for", min=1, max=round(LONGEST.total_seconds()), help="Seconds until it ends.")
    ] = 120,
    reason: Annotated[str, typer.Option(help="Why; every process logs it.")] = "switched on by hand",
    json: AsJson = False,
) -> None:
    """Switch these faults on for these services, instead of what was on for them."""
    chosen = Faults(
        refuses=refuses / 100,
        slow_seconds=slow,
        silent=silent,
        duplicates=duplicates,
        paused=paused,
        http_slow_seconds=http_slow,
        http_unavailable=http_unavailable / 100,
    )
    if chosen == Faults():
        raise typer.BadParameter(
            "say what is to be wrong, for example --refuses 30; `saga break on --help` lists it"
        )
    _show(faults.switch_on(services, chosen, seconds=seconds, reason=reason), as_json=json)


@app.command()
def off(*, json: AsJson = False) -> None:
    """Switch everything off, for every service."""
    _show(faults.switch_off(), as_json=json)


def _show(request: Request[Board], *, as_json: bool) -> None:
    """Send the request, and show which faults are on after it."""
    with checkout() as stack:
        board = _send(operator(stack), request)
    if as_json:
        typer.echo(board.model_dump_json(indent=2))
        return
    if not board.on:
        console.print("Nothing is broken on purpose.")
        return
    rows = table("service", "what", "ends", "by", "reason")
    for each in board.on:
        what = ", ".join(
            f"{name} {value}" for name, value in each.faults.model_dump(exclude_defaults=True).items()
        )
        rows.add_row(each.service, what, f"{each.ends_at.astimezone():%H:%M:%S}", each.by, each.reason)
    console.print(rows)


def _send(client: Client, request: Request[Board]) -> Board:
    try:
        return client.send(RELAYING_SERVICE, request)
    except ProblemError as problem:
        if request.method == "GET" and problem.status == NOT_FOUND:  # it has no switches, so nothing is on
            return Board(on=[])
        raise
