"""The `saga` command: the list of its commands, as the help shows it.

A command's module is imported when the command runs, so that help and completion answer at once.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "Run": {
        "up": ("running:up", "Start everything, place one order, and show what happened to it."),
        "down": ("running:down", "Stop everything and keep the data."),
        "status": (
            "running:status",
            "Show every part, RabbitMQ's queues, and alerts. Exits with 1 if a part is not ready.",
        ),
        "logs": ("logs:logs", "Show the last lines of the logs."),
        "reset": ("running:reset", "Remove all data, then start everything with the shop's initial data."),
        "clean": ("running:clean", "Stop everything and remove all of its data."),
    },
    "Inspect": {
        "doctor": (
            "doctor:doctor",
            "Check the machine, ports, programs, secrets and stores. Exits with 1 if there is something to fix.",
        ),
        "open": ("access:open_page", "Print a page's address and open it in your browser."),
        "trace": (
            "trace:trace",
            "Show an order's trace as a tree: each operation, its service, start and duration.",
        ),
        "definitions": (
            "definitions:definitions",
            "Show the steps of every saga, their compensations, and the point of no return.",
        ),
    },
    "Use": {
        "demo": (
            "demo:demo",
            "Play four orders: confirmed, out of stock, insufficient funds, payment not answering.",
        ),
        "load": (
            "load:load",
            "Place orders at a fixed rate. Exits with 1 if an order does not end as planned.",
        ),
        "token": ("access:token", "Mint a token for the HTTP APIs."),
    },
    "Develop": {
        "prove": (
            "prove:prove",
            "Search every state that a saga can reach for harm. Exits with 1 if there is any.",
        ),
        "new": ("new:app", "Create a service or a saga from the templates, or update it to a newer template."),
    },
    "Operate": {
        "sagas": ("sagas:app", "List sagas, follow one live, retry or compensate it."),
        "reviews": ("reviews:app", "List orders that wait for a person's decision; approve or reject them."),
        "dead-letters": ("dead_letters:app", "List messages that could not be handled; replay or discard them."),
        "quarantine": ("quarantine:app", "List messages that the broker would not take; retry or discard them."),
        "break": ("fault_injection:app", "Inject faults, and stop them."),
    },
}
"""Help panel → command → its module and function below `infra.cli.commands`, and its help text."""


class LazyGroup(TyperGroup):
    """Lists the commands without importing them, and imports one when it runs."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and load_command(name or ""), rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command. What it says of a wrong value is in our words, not in the library's."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            if wrong.__cause__:
                _reword(wrong, wrong.__cause__)
            raise


def load_command(name: str) -> Any:
    """Import the command of this name."""
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


def _reword(wrong: typer.BadParameter, cause: BaseException) -> None:
    from counterstep.http.wording import in_words  # noqa: PLC0415 - the help answers without it
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    if isinstance(cause, ValidationError):
        wrong.message = in_words(cause.errors()[0])


app = typer.Typer(
    cls=LazyGroup,
    help="Run, inspect and operate Counterstep on this machine.",
    epilog="Exit status: 0 for success, 1 for a problem, 2 for a wrong command line, 130 after an interruption.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for panel, commands in COMMANDS.items():
    for name, (_, summary) in commands.items():
        app.command(name, help=summary, rich_help_panel=panel)(lambda: None)
