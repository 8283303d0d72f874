"""`saga definitions`: the saga definitions, as data and as diagrams."""

from typing import Annotated, Literal

import typer
from rich.console import Group

from infra.cli.terminal import AsJson, checkout, operator, present
from infra.client import Sagas
from infra.machine.terminal import write_lines
from infra.screens import sagas as screen


def definitions(
    *,
    diagram: Annotated[
        Literal["state", "sequence"] | None, typer.Option(help="Print this diagram in Mermaid instead.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the steps of every saga, their compensations, and the point of no return."""
    with checkout() as stack:
        found = Sagas(operator(stack)).definitions()
    if diagram and not json:
        for each in found:
            write_lines((each.state_diagram if diagram == "state" else each.sequence_diagram).splitlines())
    else:
        present(found, Group(*map(screen.definition, found)), as_json=json)
