"""`saga definitions`: the sagas that this system knows, as data and as pictures."""

from typing import Annotated, Literal

import typer
from rich.console import Group

from infra.cli.terminal import AsJson, checkout, operator, present
from infra.client import Sagas
from infra.screens import sagas as screen


def definitions(
    *,
    diagram: Annotated[
        Literal["state", "sequence"] | None, typer.Option(help="Print this diagram instead, in Mermaid.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show every saga's steps, what undoes each, and where its point of no return is."""
    with checkout() as stack:
        found = Sagas(operator(stack)).definitions()
    if diagram and not json:
        for each in found:
            typer.echo(each.state_diagram if diagram == "state" else each.sequence_diagram)
    else:
        present(found, Group(*map(screen.definition, found)), as_json=json)
