"""Starts and stops the whole system, and shows how it is."""

from typing import Annotated

import typer

from infra.cli.terminal import AsJson, checkout, console, present
from infra.components.replicas import SINGLE, Replicas
from infra.demo import place_first_order, seed
from infra.launcher import Deployment, Progress
from infra.machine.typed import as_typed
from infra.screens import deployment as screen
from infra.screens import status as status_screen


def up(
    *,
    tls: Annotated[
        bool | None,
        typer.Option(envvar="TLS", help="Use TLS on all connections. Without this option, keep the last choice."),
    ] = None,
    replicas: Annotated[
        str,
        typer.Option(help="Processes per service until the next `up`, as in payment=2,orchestrator=2."),
    ] = "",
) -> None:
    """Start everything, place one order, and show what happened to it."""
    with checkout(starting=True) as stack:
        try:
            _start(stack, tls=tls, replicas=Replicas.parse(replicas))
            console.print(screen.running(stack))
            console.print(screen.first_order(*place_first_order(stack)))
        except KeyboardInterrupt:
            running = ", ".join(stack.running()) or "nothing"
            console.print(
                as_typed(f"\nInterrupted. Running: {running}. `make down` stops it, `make up` continues."),
                soft_wrap=True,
            )
            raise typer.Exit(130) from None
        console.print(screen.addresses(stack))
        console.print(screen.next_steps(stack), soft_wrap=True)  # a wrapped line could not be copied


def down() -> None:
    """Stop everything and keep the data."""
    with checkout() as stack, Progress(console).step("down", "stopped; `make up` starts it with the same data"):
        stack.down()


def status(*, json: AsJson = False) -> None:
    """Show every part, RabbitMQ's queues, and alerts. Exits with 1 if a part is not ready."""
    with checkout() as stack:
        found = stack.status()
    present(found, status_screen.screen(found), as_json=json, soft_wrap=True)
    raise typer.Exit(0 if found.usable else 1)


def reset(*, yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False) -> None:
    """Remove all data, then start everything with the shop's initial data."""
    with checkout(starting=True) as stack:
        if not yes:
            typer.confirm(f"All data in {stack.home.path} will be removed. Continue?", abort=True)
        tls = stack.home.tls.on
        with Progress(console).step("clean", "stopped, and all of its data removed"):
            stack.clean()
        _start(stack, tls=tls)


def clean() -> None:
    """Stop everything and remove all of its data."""
    with checkout() as stack, Progress(console).step("clean", "stopped, and all of its data removed"):
        stack.clean()


def _start(stack: Deployment, *, tls: bool | None, replicas: Replicas = SINGLE) -> None:
    progress = Progress(console)
    with console.acting():
        stack.up(progress, tls=tls, replicas=replicas)
        with progress.step("seed", "products, stock and customers"):
            seed(stack)
