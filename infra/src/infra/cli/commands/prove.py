"""`saga prove`: the model checker, for a saga of this system or for any definition that can be imported."""

from collections.abc import Collection
from typing import Annotated, Any, Final

import typer
from counterstep.saga import Saga
from counterstep.saga.proof import HarmError
from counterstep.saga.proof import prove as search
from counterstep.saga.proof.finding import sagas_at
from counterstep.saga.proof.proving import ATTEMPTS, SECONDS, STALLED

from infra.machine.terminal import write_lines

SAGAS: Final = "orchestrator.sagas:SAGAS"


def prove(
    saga: Annotated[
        str | None,
        typer.Argument(
            metavar="SAGA", help="A name such as place_order, or MODULE:SAGA. The default is every saga."
        ),
    ] = None,
    *,
    attempts: Annotated[
        int, typer.Option(min=1, help="The maximum number of attempts at a step in each direction.")
    ] = ATTEMPTS,
    stalled: Annotated[
        int, typer.Option(min=0, help="The number of transactions that may stall at the same time.")
    ] = STALLED,
    seconds: Annotated[float, typer.Option(min=1, help="The time limit for each saga, in seconds.")] = SECONDS,
) -> None:
    """Search every state that a saga can reach for harm. Exits with 1 if there is any."""
    try:
        for each in _sagas(saga):
            report = search(each, attempts=attempts, stalled=stalled, seconds=seconds)
            write_lines(str(report).splitlines())
    except (LookupError, HarmError) as problem:
        write_lines(str(problem.args[0]).splitlines(), error=True)
        raise typer.Exit(1) from None


def _sagas(name: str | None) -> Collection[Saga[Any]]:
    """The sagas with this name; all without a name. Raises `LookupError` for an unknown name."""
    if name and ":" in name:
        return sagas_at(name)
    registered = {saga.name: saga for saga in sagas_at(SAGAS)}
    if name is None:
        return registered.values()
    if name not in registered:
        raise LookupError(f"there is no saga {name}: name {', '.join(registered)}, or any other as MODULE:SAGA")
    return [registered[name]]
