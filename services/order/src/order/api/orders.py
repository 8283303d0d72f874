"""Orders over HTTP: placed once per Idempotency-Key, read by their customers."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from contracts.catalogue import CustomerId
from contracts.order import CancellationRequested
from counterstep.fields import OneLine
from counterstep.http import AnyCaller, OpenTransaction, Problem
from counterstep.http.paging import Page, Paging
from counterstep.http.waiting import Ending, Waiting
from fastapi import APIRouter, Depends, Header, Response
from opentelemetry.trace import get_current_span
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel import col

from order.api.placing import place
from order.api.views import NewOrder, OrderView
from order.model import Order, Status

router = APIRouter(prefix="/orders", tags=["orders"])

LONGEST_KEY = 255
ENDED: Final = Ending(Order, column="status", pending="pending")


def _checked_key(key: str) -> str:
    if not (1 <= len(key) <= LONGEST_KEY and all("!" <= character <= "~" for character in key)):
        raise ValueError(f"send 1 to {LONGEST_KEY} visible ASCII characters without a space")
    return key


class CancellationReason(BaseModel, extra="forbid"):
    """Why an order is cancelled."""

    reason: Annotated[OneLine, Field(examples=["I have found a nicer one"])]


IdempotencyKey = Annotated[
    str,
    Header(
        description="Yours to choose, one per order: sent again, it gets the same answer and no second order.",
        json_schema_extra={"pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
    ),
    AfterValidator(_checked_key),
]


ENDED_ALREADY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The order has ended. Only with `Prefer: wait`", "model": OrderView}
}


@router.post("", status_code=202, responses=ENDED_ALREADY)
async def place_order(  # noqa: PLR0913, PLR0917 - the request's parts, as FastAPI wants them
    body: NewOrder,
    idempotency_key: IdempotencyKey,
    caller: AnyCaller,
    waiting: Waiting,
    tx: OpenTransaction,
    response: Response,
) -> OrderView:
    """Place an order. It is pending when this answers, and ends confirmed, rejected or cancelled.

    With `Prefer: wait=10` it answers 200 as soon as the order has ended, and 202 where that takes over 10 seconds.
    """
    if not caller.may_act_for(body.customer_id):
        raise Problem(403, f"this token speaks for {caller.subject}, not for {body.customer_id}")
    order = await place(tx, body, caller.subject, idempotency_key)
    get_current_span().set_attributes({"order.id": str(order.order_id), "saga.id": str(order.saga_id)})
    response.headers["Location"] = f"/orders/{order.order_id}"
    if ended := await waiting.until(tx, ENDED, order):
        response.status_code = 200
        return OrderView.model_validate(ended)
    return OrderView.as_placed(order)


@router.post("/{order_id}/cancel", status_code=202)
async def cancel_order(
    order_id: UUID, caller: AnyCaller, tx: OpenTransaction, body: CancellationReason | None = None
) -> OrderView:
    """Ask for the order to be cancelled. It ends cancelled; or confirmed, where it was already being paid.

    A reason may be given. The order and its saga then show it.
    """
    found = await tx.session.get(Order, order_id, with_for_update=True)
    order = _theirs(found, order_id, caller.may_act_for)
    if order.cancellation_requested and order.status == "pending":
        return OrderView.model_validate(order)
    try:
        order.request_cancellation()
    except ValueError as error:
        raise Problem(409, str(error)) from None
    get_current_span().set_attributes({"order.id": str(order_id), "saga.id": str(order.saga_id)})
    requested = (
        CancellationRequested(order_id=order_id, reason=body.reason)
        if body
        else CancellationRequested(order_id=order_id)
    )
    tx.publish(requested, saga_id=order.saga_id)
    return OrderView.model_validate(order)


@router.get("/{order_id}")
async def read_order(order_id: UUID, caller: AnyCaller, tx: OpenTransaction) -> OrderView:
    """One order: a customer's own, or any for an operator or a viewer."""
    found = await tx.session.get(Order, order_id)
    return OrderView.model_validate(_theirs(found, order_id, caller.may_see))


@router.get("")
async def list_orders(
    caller: AnyCaller,
    tx: OpenTransaction,
    paging: Annotated[Paging, Depends()],
    status: Status | None = None,
    customer_id: CustomerId | None = None,
) -> Page[OrderView]:
    """Orders, newest first: a customer's own, or all for an operator or a viewer."""
    conditions = [] if caller.sees_all else [col(Order.customer_id) == caller.subject]
    if customer_id is not None:
        conditions.append(col(Order.customer_id) == customer_id)
    if status is not None:
        conditions.append(col(Order.status) == status)
    rows, next_cursor = await paging.rows(tx.session, Order, *conditions)
    return Page(items=[OrderView.model_validate(row) for row in rows], next_cursor=next_cursor)


def _theirs(order: Order | None, order_id: UUID, may: Callable[[str], bool]) -> Order:
    """The order, where the caller may do this for its customer; a 404 problem otherwise."""
    if order is None or not may(order.customer_id):
        raise Problem(404, f"there is no order {order_id}")
    return order
