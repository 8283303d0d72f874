"""`saga new`: create a service or a saga from the templates, or update it to a newer template."""

from typing import Annotated

import typer

from infra.cli import completion
from infra.cli.terminal import console, errors_shown
from infra.machine.checkout import CHECKOUT
from infra.scaffolding import Templates, make_saga, make_service

app = typer.Typer(no_args_is_help=True)


@app.command()
def service(
    name: Annotated[str, typer.Argument(help="The name, such as shipping.")],
    *,
    keeps: Annotated[
        str | None, typer.Option(metavar="CLASS", help="The class of the rows that it stores, such as Shipment.")
    ] = None,
) -> None:
    """Create a service: contract, handlers, rows, API, migrations, tests, and its entries in other files."""
    with errors_shown():
        _print(make_service(CHECKOUT, name, keeps or name.capitalize()))
    console.print(f"Next: `make check`, `.venv/bin/pytest services/{name}`, `make up`.")


@app.command()
def saga(
    name: Annotated[str, typer.Argument(help="The name, such as return_order.")],
    *,
    asks: Annotated[
        str | None,
        typer.Option(
            metavar="SERVICE",
            help="The service whose steps it uses. The default is the only such service.",
            autocompletion=completion.services,
        ),
    ] = None,
) -> None:
    """Create a saga about a confirmed order: start, definition, steps, ending, drawings and tests."""
    with errors_shown():
        _print(make_saga(CHECKOUT, name, asks))
    console.print(f"Next: `make check`, `.venv/bin/pytest tests/end_to_end/test_{name}.py`, `make up`.")


@app.command()
def update(
    name: Annotated[
        str,
        typer.Argument(help="The service or saga, such as shipping.", autocompletion=completion.generated),
    ],
) -> None:
    """Apply the template's changes to a service or saga, and keep your own changes."""
    with errors_shown():
        templates = Templates(CHECKOUT)
        templates.update(name)
        _print(templates.changes())
    console.print(
        "Review it with `git diff`. Conflict markers surround a line that both you and the template changed."
    )


def _print(changes: list[str]) -> None:
    for path in changes:
        console.print(path, soft_wrap=True)
