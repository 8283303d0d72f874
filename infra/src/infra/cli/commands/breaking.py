"""`saga break`: switch faults on, on purpose, in every process of the stack that runs, and off again."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from counterstep.chaos.views import Board
from counterstep.http.roles import Role
from counterstep.protocol.control import LONGEST, Faults

from infra.cli.terminal import AsJson, checkout, console
from infra.client.public_api import PublicApi
from infra.screens.deployment import table

app = typer.Typer(no_args_is_help=True)

Services = Annotated[list[str], typer.Argument(help="Which services, such as payment.")]
Percent = Annotated[float, typer.Option(min=0, max=100, help="In percent.")]
Seconds = Annotated[float, typer.Option(min=0, max=30, help="In seconds.")]


@contextmanager
def switches() -> Iterator[tuple[PublicApi, str]]:
    """The API for whoever is at the keyboard, and where the switches are: one service tells them all."""
    with checkout() as stack:
        yield stack.api(Role.OPERATOR, getpass.getuser()), f"{stack.url('orchestrator')}/faults"


@app.command("list")
def list_(*, json: AsJson = False) -> None:
    """Show what is on, and until when."""
    with switches() as (api, url):
        _tell(api.get(url), as_json=json)


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
    faults = Faults(
        refuses=refuses / 100,
        slow_seconds=slow,
        silent=silent,
        duplicates=duplicates,
        paused=paused,
        http_slow_seconds=http_slow,
        http_unavailable=http_unavailable / 100,
    )
    if faults == Faults():
        raise typer.BadParameter(
            "say what is to be wrong, for example --refuses 30; `saga break on --help` lists it"
        )
    asked = {"services": services, "faults": faults.model_dump(), "seconds": seconds, "reason": reason}
    with switches() as (api, url):
        _tell(api.post(url, asked), as_json=json)


@app.command()
def off(*, json: AsJson = False) -> None:
    """Switch everything off, for every service."""
    with switches() as (api, url):
        _tell(api.delete(url), as_json=json)


def _tell(answer: Any, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    board = Board.model_validate(answer or {"on": []})
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
