"""`saga reviews`: list the orders that wait for a person's decision; approve or reject them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from shop_client import Review, ReviewStatus

from infra.cli.terminal import AsJson, checkout, operator, present
from infra.client import Reviews, Sagas
from infra.machine.terminal import printable
from infra.screens import reviews as screen

app = typer.Typer(no_args_is_help=True)

Known = Annotated[UUID, typer.Argument(metavar="ID", help="The id of an order or of its saga.")]


@contextmanager
def reviews() -> Iterator[tuple[Reviews, Sagas]]:
    """The reviews and the sagas of this checkout's stack, for the user at the keyboard."""
    with checkout() as stack:
        client = operator(stack)
        yield Reviews(client), Sagas(client)


@app.command("list")
def list_(
    *,
    status: Annotated[ReviewStatus, typer.Option(help="Only orders whose review has this status.")] = "waiting",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of orders.")] = 20,
    json: AsJson = False,
) -> None:
    """List the orders that wait for a decision, the newest first."""
    with reviews() as (found, _):
        listed = found.of_status(status, limit=limit)
    nothing = "No order waits for a decision." if status == "waiting" else f"No review is {status}."
    present(listed, screen.listed(listed) if listed else nothing, as_json=json)


@app.command()
def approve(
    known: Known,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is recorded with the decision.")] = "",
    json: AsJson = False,
) -> None:
    """Let the order go on."""
    with reviews() as (found, sagas):
        _print(found.approve(sagas.order_of(known), reason=reason), as_json=json)


@app.command()
def reject(
    known: Known,
    *,
    reason: Annotated[str, typer.Option(help="The reason. The order's customer reads it.")],
    json: AsJson = False,
) -> None:
    """Reject the order."""
    with reviews() as (found, sagas):
        _print(found.reject(sagas.order_of(known), reason=reason), as_json=json)


def _print(review: Review, *, as_json: bool) -> None:
    decided = f"Order {review.order_id} of {printable(review.customer_id)}, {review.total}, is {review.status}."
    follow = f"`saga sagas watch {review.saga_id}` follows it."
    present(review, f"{decided}\n{follow}", as_json=as_json, soft_wrap=True)
