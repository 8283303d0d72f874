"""The `saga` command: everything that it can do, as its help shows it."""

from collections.abc import Callable, Mapping

import typer

from infra.commands import (
    access,
    breaking,
    dead_letters,
    definitions,
    demo,
    doctor,
    load,
    new,
    running,
    sagas,
    trace,
)

app = typer.Typer(
    help="Run Counterstep on this machine, look into it, and act on it.",
    epilog="Ends with 0 where all is well, 1 where it is not, 2 for a command that cannot be meant,"
    " 130 when interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

COMMANDS: Mapping[str, Mapping[str, Callable[..., None]]] = {
    "Run it": {
        "up": running.up,
        "down": running.down,
        "status": running.status,
        "logs": running.logs,
        "reset": running.reset,
        "clean": running.clean,
    },
    "Look into it": {
        "doctor": doctor.doctor,
        "open": access.open_page,
        "trace": trace.trace,
        "definitions": definitions.definitions,
    },
    "Use it": {
        "demo": demo.demo,
        "load": load.load,
        "token": access.token,
    },
}

for panel, commands in COMMANDS.items():
    for name, command in commands.items():
        app.command(name, rich_help_panel=panel)(command)

app.add_typer(
    new.app,
    name="new",
    rich_help_panel="Build on it",
    help="Make a service or a saga from the templates, and bring it up to date with them.",
)
app.add_typer(
    sagas.app, name="sagas", rich_help_panel="Act on it", help="Look at sagas, follow one live, act on it."
)
app.add_typer(
    dead_letters.app,
    name="dead-letters",
    rich_help_panel="Act on it",
    help="Look at what could not be handled; replay or discard it.",
)
app.add_typer(
    breaking.app, name="break", rich_help_panel="Act on it", help="Switch faults on, on purpose, and off."
)
