"""`saga sagas`: list sagas, follow one live, retry or compensate it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from counterstep.client.sagas import OperatorVerb
from counterstep.http.views.sagas import SagaSummary
from counterstep.saga.instance import Status

from infra.cli import completion
from infra.cli.terminal import AsJson, checkout, console, operator, present
from infra.client import Sagas
from infra.machine.terminal import write_json
from infra.machine.typed import as_typed
from infra.screens import sagas as screen
from infra.screens import watching

app = typer.Typer(no_args_is_help=True)

Known = Annotated[
    UUID,
    typer.Argument(metavar="ID", help="The id of a saga or of its order.", autocompletion=completion.sagas),
]
Reason = Annotated[str, typer.Option(help="The reason. The audit stores it with your name.")]
ReadReason = Annotated[
    str, typer.Option(help="The reason. The audit stores it with your name, and the order's customer reads it.")
]


@contextmanager
def sagas() -> Iterator[Sagas]:
    """The sagas of this checkout's stack, for the user at the keyboard."""
    with checkout() as stack:
        yield Sagas(operator(stack))


@app.command("list")
def list_(  # noqa: PLR0913 - one parameter for each option of the command
    *,
    status: Annotated[Status | None, typer.Option(help="Only sagas with this status.")] = None,
    saga: Annotated[
        str | None, typer.Option(help="Only sagas of this definition.", autocompletion=completion.definitions)
    ] = None,
    order: Annotated[UUID | None, typer.Option(help="Only the saga of this order.")] = None,
    code: Annotated[str | None, typer.Option(help="Only sagas aborted by a refusal with this code.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of sagas.")] = 20,
    json: AsJson = False,
) -> None:
    """List sagas, the newest first."""
    with sagas() as found:
        key = str(order) if order else None
        listed = found.newest(limit=limit, status=status, saga=saga, key=key, code=code)
    present(listed, screen.listed(listed) if listed else "No saga matches.", as_json=json)


@app.command()
def show(known: Known, *, json: AsJson = False) -> None:
    """Show the history of a saga and the address of its trace."""
    with sagas() as found:
        run = found.started(found.saga_of(known))
    present(run, screen.whole(run), as_json=json)


@app.command()
def watch(
    known: Annotated[
        UUID | None,
        typer.Argument(
            metavar="ID",
            help="The id of a saga or of its order. The default is the newest sagas.",
            autocompletion=completion.sagas,
        ),
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each history entry.")] = False,
) -> None:
    """Follow a saga live until it ends, or the newest sagas until Ctrl-C."""
    with sagas() as found:
        saga_id = found.saga_of(known) if known else None
        if json:
            for each in watching.history_entries(found, saga_id) if saga_id else watching.changes(found):
                write_json(each.model_dump_json())
        elif saga_id:
            watching.follow(console, found, saga_id)
        else:
            watching.follow_newest(console, found)


@app.command()
def retry(known: Known, *, reason: Reason, json: AsJson = False) -> None:
    """Send the pending commands again at once."""
    _act(known, "retry", reason, as_json=json)


@app.command()
def compensate(known: Known, *, reason: ReadReason, json: AsJson = False) -> None:
    """Abort the saga and undo its steps. Possible until the pivot's command is sent."""
    _act(known, "compensate", reason, as_json=json)


@app.command()
def cancel(known: Known, *, reason: Reason, json: AsJson = False) -> None:
    """Cancel the saga's order, as its customer can."""
    with sagas() as found:
        saga_id = found.saga_of(known)
        found.cancel(saga_id, reason=reason)
        _print(found.started(saga_id), as_json=json)


def _act(known: UUID, act: OperatorVerb, reason: str, *, as_json: bool) -> None:
    with sagas() as found:
        _print(found.act(found.saga_of(known), act, reason=reason), as_json=as_json)


def _print(run: SagaSummary, *, as_json: bool) -> None:
    follow = as_typed(f"`saga sagas watch {run.saga_id}` follows it.")
    present(run, f"Requested. The saga is {screen.plain(run.status)} now.\n{follow}", as_json=as_json)
