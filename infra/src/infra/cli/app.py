"""The `saga` command: everything that it can do, as its help shows it.

What a command needs is imported when that command is run, so that help and completion come at once.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "Run it": {
        "up": ("running:up", "Start everything, place one order, and show what happened to it."),
        "down": ("running:down", "Stop everything; the data stay."),
        "status": (
            "running:status",
            "Show every part, what RabbitMQ holds, and what to look at; exits with 1 where a part is not ready.",
        ),
        "logs": ("running:logs", "Show the last lines of the logs."),
        "reset": ("running:reset", "Remove all data, and start everything again with the shop's first data."),
        "clean": ("running:clean", "Stop everything and remove all of its data."),
    },
    "Look into it": {
        "doctor": (
            "doctor:doctor",
            "Examine machine, ports, programs, secrets and stores; exits with 1 if there is something to fix.",
        ),
        "open": ("access:open_page", "Print a page's address and open it in your browser, where there is one."),
        "trace": ("trace:trace", "Show an order's trace as a tree: who did what, when, and how long it took."),
        "definitions": (
            "definitions:definitions",
            "Show every saga's steps, what undoes each, and where its point of no return is.",
        ),
    },
    "Use it": {
        "demo": (
            "demo:demo",
            "Tell the four stories of an order: confirmed, no stock, no money, payment silent.",
        ),
        "load": (
            "load:load",
            "Place orders at a rate that does not wait for the answers; ends with 1 where one went otherwise.",
        ),
        "token": ("access:token", "Mint a token for the HTTP APIs."),
    },
    "Build on it": {
        "prove": (
            "prove:prove",
            "Search every state that a saga can reach for harm; ends with 1 where there is a way to it.",
        ),
        "new": ("new:app", "Make a service or a saga from the templates, and bring it up to date with them."),
    },
    "Act on it": {
        "sagas": ("sagas:app", "Look at sagas, follow one live, act on it."),
        "dead-letters": ("dead_letters:app", "Look at what could not be handled; replay or discard it."),
        "break": ("fault_injection:app", "Switch faults on, on purpose, and off."),
    },
}
"""Of each command: where it is among `infra.cli.commands`, and what it does."""


class LazyGroup(TyperGroup):
    """Lists its commands with the descriptions above, and runs the real ones."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and load_command(name or ""), rest


def load_command(name: str) -> Any:
    """Import the command of this name, as typer makes it."""
    location, summary = next(panel[name] for panel in COMMANDS.values() if name in panel)
    module, _, attribute = location.partition(":")
    found = getattr(import_module(f"infra.cli.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command = get_group(found)
        command.help = summary
        return command
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    cls=LazyGroup,
    help="Run Counterstep on this machine, look into it, and act on it.",
    epilog="Ends with 0 where all is well, 1 where it is not, 2 for a command that cannot be meant,"
    " 130 when interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for panel, commands in COMMANDS.items():
    for name, (_, summary) in commands.items():
        app.command(name, help=summary, rich_help_panel=panel)(lambda: None)
