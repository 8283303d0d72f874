"""The `saga` command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from chassis.auth import Role
from rich.console import Console

from infra import screen
from infra.failure import Failure
from infra.first_order import place_first_order
from infra.progress import Progress
from infra.seed import seed
from infra.stack import Stack

app = typer.Typer(
    help="Run Counterstep on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False)


@contextmanager
def checkout() -> Iterator[Stack]:
    """The stack of this checkout; a failure is told in its own words, without a traceback."""
    try:
        yield Stack.of_checkout()
    except Failure as failure:
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        raise typer.Exit(1) from None


@app.command()
def up() -> None:
    """Start everything, place one order, and show what happened to it."""
    progress = Progress(console)
    with checkout() as stack:
        try:
            stack.up(progress)
            with progress.step("seed", "products, stock and customers"):
                seed(stack)
            console.print(screen.timeline(*place_first_order(stack)))
        except KeyboardInterrupt:
            running = ", ".join(stack.running()) or "nothing"
            console.print(
                f"\nInterrupted. Running: {running}. `make down` stops it, `make up` goes on.", soft_wrap=True
            )
            raise typer.Exit(130) from None
        console.print(screen.addresses(stack))
        console.print(screen.next_steps(stack), soft_wrap=True)  # a wrapped line could not be copied


@app.command()
def down() -> None:
    """Stop everything; the data stay."""
    with checkout() as stack, Progress(console).step("down", "stopped; `make up` finds the data again"):
        stack.down()


@app.command()
def status() -> None:
    """Show every part and whether it is ready."""
    with checkout() as stack:
        found = stack.status()
    console.print(screen.statuses(found))
    raise typer.Exit(0 if all(each.usable for each in found) else 1)


@app.command()
def logs(
    part: Annotated[str | None, typer.Argument(help="One part, such as payment; all where none is named.")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as they grow.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of each.")] = 20,
) -> None:
    """Show the last lines of the logs."""
    with checkout() as stack:
        files = [str(path) for path in stack.logs(part)]
    os.execvp("tail", ["tail", f"-n{lines}", *(["-F"] if follow else []), *files])  # noqa: S606, S607 - the user's tail


@app.command()
def token(
    role: Annotated[Role, typer.Option(help="What its bearer may do.")] = Role.CUSTOMER,
    subject: Annotated[
        str, typer.Option(help="Whom it speaks for: a customer's id, or an operator's name.")
    ] = "ada",
    hours: Annotated[int, typer.Option(min=1, help="How long it is valid.")] = 12,
) -> None:
    """Mint a token for the HTTP APIs."""
    with checkout() as stack:
        typer.echo(stack.token(role, subject, timedelta(hours=hours)))


@app.command()
def clean() -> None:
    """Stop everything and remove all of its data."""
    with checkout() as stack, Progress(console).step("clean", "stopped, and all of its data removed"):
        stack.clean()
