"""`saga prove`: the model checker, for a saga of this system or for any definition that can be imported."""

from collections.abc import Collection
from typing import Annotated, Any, Final

import typer
from counterstep.saga import Saga
from counterstep.saga.proof import HarmError
from counterstep.saga.proof import prove as search
from counterstep.saga.proof.finding import sagas_at
from counterstep.saga.proof.proving import ATTEMPTS, REPEATED, SECONDS, STALLED

from infra.cli import completion
from infra.cli.registered import registered
from infra.cli.terminal import errors_shown
from infra.machine.terminal import write_lines
from infra.machine.user_error import CommandLineError

MOST_ATTEMPTS: Final = 10
MOST_REPEATED: Final = 100
MOST_STALLED: Final = 10
MOST_SECONDS: Final = 86_400


def prove(
    saga: Annotated[
        str | None,
        typer.Argument(
            metavar="SAGA",
            help="A name such as place_order, or MODULE:SAGA. The default is every saga.",
            autocompletion=completion.definitions,
        ),
    ] = None,
    *,
    attempts: Annotated[
        int,
        typer.Option(min=1, max=MOST_ATTEMPTS, help="The most attempts at a step in each direction."),
    ] = ATTEMPTS,
    repeated: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_REPEATED, help="The most steps that are at a later attempt at the same time."
        ),
    ] = REPEATED,
    stalled: Annotated[
        int,
        typer.Option(min=0, max=MOST_STALLED, help="The most transactions that stall at the same time."),
    ] = STALLED,
    seconds: Annotated[
        float, typer.Option(min=1, max=MOST_SECONDS, help="The time limit for each saga.")
    ] = SECONDS,
) -> None:
    """Search every state that a saga can reach for harm. Exits with 1 if there is any."""
    with errors_shown():
        chosen = _sagas(saga)
    try:
        for each in chosen:
            report = search(each, attempts=attempts, repeated=repeated, stalled=stalled, seconds=seconds)
            write_lines(str(report).splitlines())
    except HarmError as problem:
        write_lines(str(problem.args[0]).splitlines(), error=True)
        raise typer.Exit(1) from None


def _sagas(name: str | None) -> Collection[Saga[Any]]:
    """The sagas with this name; all without a name. Raises `CommandLineError` for an unknown name."""
    if name and ":" in name:
        return _elsewhere(name)
    known = registered()
    if name is None:
        return known.values()
    if name not in known:
        raise CommandLineError(
            "prove",
            f"there is no saga {name}; name {', '.join(known)}, or any other as MODULE:SAGA."
            f" `saga new saga {name}` makes one, as docs/tutorial.md shows",
        )
    return [known[name]]


def _elsewhere(place: str) -> Collection[Saga[Any]]:
    try:
        return sagas_at(place)
    except LookupError as error:
        raise CommandLineError("prove", str(error.args[0])) from None
