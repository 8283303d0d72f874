"""`saga break`: inject faults into the running services, and stop them."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer
from counterstep.chaos.views import Board
from counterstep.client import Client, ProblemError, Request, faults
from counterstep.protocol.control import LONGEST, Faults

from infra.cli import completion
from infra.cli.services import known_services
from infra.cli.terminal import AsJson, checkout, console, errors_shown, operator
from infra.machine.terminal import write_json
from infra.machine.typed import as_typed
from infra.screens.deployment import table

app = typer.Typer(no_args_is_help=True)

Services = Annotated[
    list[str],
    typer.Argument(metavar="SERVICE...", help="Such as payment.", autocompletion=completion.services),
]
PERCENT: Final = {"min": 0, "max": 100, "metavar": "PERCENT"}
SECONDS: Final = {"min": 0, "max": 30, "metavar": "SECONDS"}

NOT_FOUND: Final = 404
RELAYING_SERVICE: Final = "orchestrator"
"""The service that is called. It sends the faults to all others."""


@app.command("list")
def list_(*, json: AsJson = False) -> None:
    """List the active faults and when they end."""
    _show(faults.read(), as_json=json)


@app.command()
def on(  # noqa: PLR0913 - one parameter for each option
    services: Services,
    *,
    refuses: Annotated[float, typer.Option(**PERCENT, help="Refuse this share of the commands.")] = 0,
    slow: Annotated[float, typer.Option(**SECONDS, help="Wait before each message is handled.")] = 0,
    silent: Annotated[bool, typer.Option("--silent", help="Consume no messages.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Handle every message twice.")] = False,
    paused: Annotated[bool, typer.Option("--paused", help="Publish no messages.")] = False,
    http_slow: Annotated[float, typer.Option(**SECONDS, help="Wait before each request is answered.")] = 0,
    http_unavailable: Annotated[
        float, typer.Option(**PERCENT, help="Answer this share of the requests with 503.")
    ] = 0,
    seconds: Annotated[
        int, typer.Option("--for", min=1, max=round(LONGEST.total_seconds()), help="Seconds until the faults end.")
    ] = 120,
    reason: Annotated[str, typer.Option(help="The reason. Every process logs it.")] = "switched on by hand",
    json: AsJson = False,
) -> None:
    """Inject these faults into these services. They replace the active ones."""
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
            as_typed("choose a fault, for example --refuses 30; `saga break on --help` lists all faults")
        )
    with errors_shown():
        services = known_services("break", services)
    _show(faults.switch_on(services, chosen, seconds=seconds, reason=reason), as_json=json)


@app.command()
def off(*, json: AsJson = False) -> None:
    """Stop all faults of every service."""
    _show(faults.switch_off(), as_json=json)


def _show(request: Request[Board], *, as_json: bool) -> None:
    """Send the request, and show which faults are on after it."""
    with checkout() as stack:
        board = _send(operator(stack), request)
    if as_json:
        write_json(board.model_dump_json(indent=2))
        return
    if not board.on:
        console.print("No faults are active.")
        return
    rows = table("service", "what", "ends", "by", "reason")
    for each in board.on:
        ends = f"{each.ends_at.astimezone():%H:%M:%S}"
        rows.add_row(each.service, ", ".join(_options(each.faults)), ends, each.by, each.reason)
    console.print(rows)


def _options(chosen: Faults) -> Iterator[str]:
    """The faults that are on, as the options of `on` say them: `refuses 30 %`."""
    for name, value in chosen.model_dump(exclude_defaults=True).items():
        option = name.removesuffix("_seconds").replace("_", "-")
        if isinstance(value, bool):
            yield option
        else:
            yield f"{option} {value:g} s" if name.endswith("_seconds") else f"{option} {100 * value:g} %"


def _send(client: Client, request: Request[Board]) -> Board:
    try:
        return client.send(RELAYING_SERVICE, request)
    except ProblemError as problem:
        if (
            request.method == "GET" and problem.status == NOT_FOUND
        ):  # fault injection is disabled, so no fault is active
            return Board(on=[])
        raise
