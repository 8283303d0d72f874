"""A review as operators read it: what is to be decided, and of which order."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from contracts.money import Money
from counterstep.http import OpenTransaction
from pydantic import BaseModel
from sqlmodel import col, select

from order.model import Order, PricedLine
from order.review import Review, ReviewStatus


class ReviewView(BaseModel):
    """What is to be decided of an order, or what was, and by whom."""

    order_id: UUID
    status: ReviewStatus
    decided_by: str | None
    reason: str | None
    saga_id: UUID
    customer_id: str
    lines: tuple[PricedLine, ...]
    total: Money

    @classmethod
    def of(cls, review: Review, order: Order) -> Self:
        return cls(
            order_id=review.order_id,
            status=review.status,
            decided_by=review.decided_by,
            reason=review.reason,
            saga_id=order.saga_id,
            customer_id=order.customer_id,
            lines=order.lines,
            total=order.total,
        )


class WaitingReviews(BaseModel):
    """How many orders wait for a decision, and the one that has waited longest."""

    waiting: int
    oldest: UUID | None
    """The order's id. It tells when the order was placed."""


async def views(tx: OpenTransaction, reviews: Iterable[Review]) -> list[ReviewView]:
    """Each review with what its order says, in the same sequence."""
    by_id = {review.order_id: review for review in reviews}
    found = await tx.session.exec(select(Order).where(col(Order.order_id).in_(by_id)))
    orders = {order.order_id: order for order in found}
    return [ReviewView.of(review, orders[order_id]) for order_id, review in by_id.items()]
