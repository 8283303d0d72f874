"""`saga prove`: the model checker, for a saga of this system or for any definition that can be imported."""

from collections.abc import Collection
from typing import Annotated, Any, Final

import typer
from counterstep.saga import Saga
from counterstep.saga.proof import HarmError
from counterstep.saga.proof import prove as search
from counterstep.saga.proof.finding import sagas_at
from counterstep.saga.proof.proving import ATTEMPTS, SECONDS, STALLED

SAGAS: Final = "orchestrator.sagas:SAGAS"


def prove(
    saga: Annotated[
        str | None,
        typer.Argument(metavar="SAGA", help="Such as place_order, or MODULE:SAGA; every saga, by default."),
    ] = None,
    *,
    attempts: Annotated[int, typer.Option(min=1, help="Attempts at a step in one direction.")] = ATTEMPTS,
    stalled: Annotated[int, typer.Option(min=0, help="Transactions that stall at a time.")] = STALLED,
    seconds: Annotated[float, typer.Option(min=1, help="The time limit for each saga.")] = SECONDS,
) -> None:
    """Search every state that a saga can reach for harm; ends with 1 where there is a way to it."""
    try:
        for each in _sagas(saga):
            typer.echo(search(each, attempts=attempts, stalled=stalled, seconds=seconds))
    except (LookupError, HarmError) as problem:
        typer.echo(problem.args[0], err=True)
        raise typer.Exit(1) from None


def _sagas(name: str | None) -> Collection[Saga[Any]]:
    """What is meant by the name. Raises `LookupError` where nothing is."""
    if name and ":" in name:
        return sagas_at(name)
    registered = {saga.name: saga for saga in sagas_at(SAGAS)}
    if name is None:
        return registered.values()
    if name not in registered:
        raise LookupError(f"there is no saga {name}: name {', '.join(registered)}, or any other as MODULE:SAGA")
    return [registered[name]]
