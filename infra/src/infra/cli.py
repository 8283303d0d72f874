"""The `saga` command."""

import os
from datetime import timedelta
from typing import Annotated

import typer
from chassis.auth import Role

from infra import break_cli, dead_letters_cli, screen, status_screen
from infra.first_order import place_first_order
from infra.progress import Progress
from infra.seed import seed
from infra.terminal import checkout, console

app = typer.Typer(
    help="Run Counterstep on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(
    dead_letters_cli.app, name="dead-letters", help="Look at what could not be handled; replay or discard it."
)

app.add_typer(break_cli.app, name="break", help="Switch faults on, on purpose, and off.")


@app.command()
def up(
    *,
    tls: Annotated[
        bool | None,
        typer.Option(
            envvar="TLS", help="Speak TLS everywhere, until it is said otherwise; as it was, by default."
        ),
    ] = None,
) -> None:
    """Start everything, place one order, and show what happened to it."""
    progress = Progress(console)
    with checkout(starting=True) as stack:
        try:
            stack.up(progress, tls=tls)
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
def status(*, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show every part, what RabbitMQ holds, and what to look at; exits with 1 where a part is not ready."""
    with checkout() as stack:
        found = stack.status()
    if json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        console.print(status_screen.screen(found), soft_wrap=True)
    raise typer.Exit(0 if found.usable else 1)


@app.command()
def logs(
    part: Annotated[str | None, typer.Argument(help="One part, such as payment; all where none is named.")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as they grow.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of each.")] = 20,
) -> None:
    """Show the last lines of the logs."""
    with checkout() as stack:
        command = stack.log_command(part, lines=lines, follow=follow)
    os.execvp(command[0], command)  # noqa: S606 - the user's tail, or the user's docker


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
