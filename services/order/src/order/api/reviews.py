"""Reviews over HTTP: an operator decides, and the order goes on."""

from typing import Annotated
from uuid import UUID

from contracts.order import OrderDeclined, OrderDeclinedCode, OrderReviewed
from counterstep import Reply
from counterstep.fields import OneLine
from counterstep.http import OpenTransaction, Operator, Problem, Viewer
from counterstep.http.paging import Page, Paging
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlmodel import col, func, select

from order.api.review_views import ReviewView, WaitingReviews, views
from order.review import Decision, Review, ReviewStatus

router = APIRouter(prefix="/reviews", tags=["reviews"])


class Reason(BaseModel, extra="forbid"):
    """Why an order is turned down; its customer reads it."""

    reason: Annotated[OneLine, Field(examples=["the address is unknown"])]


class Note(BaseModel, extra="forbid"):
    """Why an order is approved; it is recorded with the decision."""

    reason: Annotated[OneLine, Field(examples=["a customer of many years"])]


@router.get("")
async def list_reviews(
    _: Viewer, tx: OpenTransaction, paging: Annotated[Paging, Depends()], status: ReviewStatus = "waiting"
) -> Page[ReviewView]:
    """The orders that wait for a decision, or those that were decided so, newest first."""
    rows, next_cursor = await paging.rows(tx.session, Review, col(Review.status) == status)
    return Page(items=await views(tx, rows), next_cursor=next_cursor)


@router.get("/waiting")
async def count_waiting(_: Viewer, tx: OpenTransaction) -> WaitingReviews:
    """How many orders wait for a decision."""
    waits = col(Review.status) == "waiting"
    oldest = select(Review.order_id).where(waits).order_by(col(Review.order_id)).limit(1).scalar_subquery()
    number, order_id = (await tx.session.exec(select(func.count(), oldest).where(waits))).one()
    return WaitingReviews(waiting=number, oldest=order_id)


@router.post("/{order_id}/approve", status_code=202)
async def approve(order_id: UUID, operator: Operator, tx: OpenTransaction, body: Note | None = None) -> ReviewView:
    """Let the order go on. A reason may be given."""
    reason = body.reason if body else None
    return await _decide(tx, order_id, "approved", operator.subject, reason, OrderReviewed())


@router.post("/{order_id}/reject", status_code=202)
async def reject(order_id: UUID, body: Reason, operator: Operator, tx: OpenTransaction) -> ReviewView:
    """Turn the order down, with the reason that its customer will read."""
    declined = OrderDeclined(code=OrderDeclinedCode.REJECTED_BY_REVIEWER, reason=body.reason)
    return await _decide(tx, order_id, "rejected", operator.subject, body.reason, declined)


async def _decide(  # noqa: PLR0913, PLR0917 - the decision, its author, its reason, and the saga's reply
    tx: OpenTransaction, order_id: UUID, decision: Decision, by: str, reason: str | None, answer: Reply
) -> ReviewView:
    review = await tx.session.get(Review, order_id, with_for_update=True)
    if review is None:
        raise Problem(404, f"order {order_id} is not under review; GET /reviews lists those that are")
    try:
        review.decide(decision, by=by, reason=reason)
    except ValueError as error:
        raise Problem(409, str(error)) from None
    await tx.complete(review.token, answer)
    return (await views(tx, [review]))[0]
