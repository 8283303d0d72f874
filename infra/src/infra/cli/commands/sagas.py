"""`saga sagas`: look at sagas, follow them live, and do what an operator may."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from counterstep.client.sagas import OperatorVerb
from counterstep.http.views.sagas import SagaSummary
from counterstep.saga.instance import Status

from infra.cli.terminal import AsJson, checkout, console, operator, present
from infra.client import Sagas
from infra.screens import sagas as screen
from infra.screens import watching

app = typer.Typer(no_args_is_help=True)

Known = Annotated[UUID, typer.Argument(metavar="ID", help="A saga's id, or its order's.")]
Reason = Annotated[str, typer.Option(help="Why; the audit keeps it, with your name.")]


@contextmanager
def sagas() -> Iterator[Sagas]:
    """The sagas of this checkout's stack, for the user at the keyboard."""
    with checkout() as stack:
        yield Sagas(operator(stack))


@app.command("list")
def list_(  # noqa: PLR0913 - one parameter for each option of the command
    *,
    status: Annotated[Status | None, typer.Option(help="Only those that stand so.")] = None,
    saga: Annotated[str | None, typer.Option(help="Only those of this definition.")] = None,
    order: Annotated[UUID | None, typer.Option(help="Only the one of this order.")] = None,
    code: Annotated[str | None, typer.Option(help="Only those aborted by a refusal with this code.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
    json: AsJson = False,
) -> None:
    """List sagas, the newest first."""
    with sagas() as found:
        key = str(order) if order else None
        listed = found.newest(limit=limit, status=status, saga=saga, key=key, code=code)
    present(listed, screen.listed(listed) if listed else "There is no such saga.", as_json=json)


@app.command()
def show(known: Known, *, json: AsJson = False) -> None:
    """Show all that happened to one, and where its trace is."""
    with sagas() as found:
        run = found.started(found.saga_of(known))
    present(run, screen.whole(run), as_json=json)


@app.command()
def watch(
    known: Annotated[
        UUID | None, typer.Argument(metavar="ID", help="A saga's id, or its order's; the newest by default.")
    ] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="For programs: a line for each thing that happens.")
    ] = False,
) -> None:
    """Follow one live until it ends, or the newest until you stop it with Ctrl-C."""
    with sagas() as found:
        saga_id = found.saga_of(known) if known else None
        if json:
            for each in watching.history_entries(found, saga_id) if saga_id else watching.changes(found):
                typer.echo(each.model_dump_json())
        elif saga_id:
            watching.follow(console, found, saga_id)
        else:
            watching.follow_newest(console, found)


@app.command()
def retry(known: Known, *, reason: Reason, json: AsJson = False) -> None:
    """Ask again at once for whatever it awaits."""
    _act(known, "retry", reason, as_json=json)


@app.command()
def compensate(known: Known, *, reason: Reason, json: AsJson = False) -> None:
    """Compensate it: what was done is undone. Possible until its pivot's command is sent."""
    _act(known, "compensate", reason, as_json=json)


@app.command()
def cancel(known: Known, *, reason: Reason, json: AsJson = False) -> None:
    """Cancel its order, as its customer may."""
    with sagas() as found:
        saga_id = found.saga_of(known)
        found.cancel(saga_id, reason=reason)
        _print(found.started(saga_id), as_json=json)


def _act(known: UUID, act: OperatorVerb, reason: str, *, as_json: bool) -> None:
    with sagas() as found:
        _print(found.act(found.saga_of(known), act, reason=reason), as_json=as_json)


def _print(run: SagaSummary, *, as_json: bool) -> None:
    follow = f"`saga sagas watch {run.saga_id}` follows it."
    present(run, f"Asked for; it is {screen.plain(run.status)} now.\n{follow}", as_json=as_json)
