"""`saga new`: a service or a saga made from the templates, and brought up to date with them."""

from typing import Annotated

import typer

from infra.cli.terminal import console, errors_shown
from infra.machine.home import CHECKOUT
from infra.scaffolding import Templates, make_saga, make_service

app = typer.Typer(no_args_is_help=True)


@app.command()
def service(
    name: Annotated[str, typer.Argument(help="Such as shipping.")],
    *,
    keeps: Annotated[
        str | None, typer.Option(metavar="CLASS", help="What it arranges for an order, such as Shipment.")
    ] = None,
) -> None:
    """Make a service: its contract, handlers, rows, API, migrations and tests, and its entries in other files."""
    with errors_shown():
        _print(make_service(CHECKOUT, name, keeps or name.capitalize()))
    console.print(f"Next: `make check`, `.venv/bin/pytest services/{name}`, `make up`.")


@app.command()
def saga(
    name: Annotated[str, typer.Argument(help="Such as return_order.")],
    *,
    asks: Annotated[
        str | None, typer.Option(metavar="SERVICE", help="Whose steps it has; the only one there is, by default.")
    ] = None,
) -> None:
    """Make a saga about a confirmed order: its start, definition, steps, ending, drawings and tests."""
    with errors_shown():
        _print(make_saga(CHECKOUT, name, asks))
    console.print(f"Next: `make check`, `.venv/bin/pytest tests/end_to_end/test_{name}.py`, `make up`.")


@app.command()
def update(name: Annotated[str, typer.Argument(help="What was made, such as shipping.")]) -> None:
    """Bring to a service or saga what has changed in its template since, and keep what you have changed."""
    with errors_shown():
        templates = Templates(CHECKOUT)
        templates.update(name)
        _print(templates.changes())
    console.print("Look at it with `git diff`: where both have changed a line, both stand between markers.")


def _print(changes: list[str]) -> None:
    for path in changes:
        console.print(path, soft_wrap=True)
