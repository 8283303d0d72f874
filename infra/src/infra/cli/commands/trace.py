"""`saga trace`: one order's trace as a tree."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import typer
from counterstep.http.views.sagas import SagaDetail
from rich.console import Group, RenderableType
from rich.text import Text

from infra.cli import trace_tree
from infra.cli.terminal import AsJson, checkout, operator, present
from infra.cli.trace_tree import Branch
from infra.client import Sagas
from infra.machine.terminal import printable
from infra.machine.user_error import UserError
from infra.screens.deployment import table
from infra.screens.sagas import duration, heading


def trace(
    known: Annotated[UUID, typer.Argument(metavar="ID", help="The id of an order or of its saga.")],
    *,
    json: AsJson = False,
) -> None:
    """Show an order's trace as a tree: each operation, its service, start and duration."""
    with checkout() as stack:
        sagas = Sagas(operator(stack))
        saga = sagas.started(sagas.saga_of(known))
        if saga.trace_id is None:
            raise UserError("traces", f"no trace of saga {saga.saga_id} is recorded")
        found = trace_tree.fetch(stack.traces, saga.trace_id)
    present(found, _screen(saga, list(trace_tree.tree(found))), as_json=json)


def _screen(saga: SagaDetail, branches: Sequence[Branch]) -> RenderableType:
    rows = table("what", "who", "at", "took")
    rows.padding = (0, 1, 0, 1)
    for branch in branches:
        rows.add_row(_name(branch), branch.span.service, *map(duration, (branch.span.since, branch.span.took)))
    for column in rows.columns[1:]:
        column.no_wrap = True
    for column in rows.columns[2:]:
        column.justify = "right"
    more = f"\nSpans: {len(branches)}. {saga.trace_url or ''}"
    return Group(heading(saga), "", rows, Text(more, "dim"))


def _name(branch: Branch) -> Text:
    span = branch.span
    fault = ("✗ ", "red") if span.failed else ""
    note = (f" {printable(span.note)}" if span.note else "", "dim")
    name = (printable(span.name), "red" if span.failed else "")
    # Wrapped, the lines would no longer be a tree.
    return Text.assemble((branch.guides, "dim"), fault, name, note, overflow="ellipsis", no_wrap=True)
