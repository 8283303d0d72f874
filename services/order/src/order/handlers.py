"""The handlers of the order service: one plain function for each command."""

from uuid import UUID

from contracts.order import (
    ApproveOrder,
    OrderApproved,
    OrderRejected,
    RejectOrder,
    ReviewOrder,
    ReviewWithdrawn,
    WithdrawReview,
)
from contracts.topology import SHOP
from counterstep import Participant, Token

from order.model import Order
from order.review import Review

order = Participant("order", SHOP)


@order.handles(ReviewOrder)
def review(command: ReviewOrder, reviews: dict[UUID, Review], token: Token) -> Token:
    """Have a person look at the order. `POST /reviews/{order_id}/approve` or `/reject` completes the command."""
    reviews.setdefault(command.order_id, Review(order_id=command.order_id, token=token))
    return token


@order.handles(WithdrawReview)
def withdraw_review(review: Review | None) -> ReviewWithdrawn:
    """Compensate `review`, where there is anything to withdraw."""
    if review:
        review.withdraw()
    return ReviewWithdrawn()


@order.handles(ApproveOrder)
def approve(order: Order) -> OrderApproved:
    """Confirm the order."""
    order.confirm()
    return OrderApproved()


@order.handles(RejectOrder)
def reject(command: RejectOrder, order: Order | None) -> OrderRejected:
    """Reject the order, or cancel it where its customer wanted that.

    The customer reads the reason, and programs the code.

    An event may tell of an order that was never placed. There is nothing to reject then, and its saga ends.
    """
    if order is None:
        return OrderRejected()
    if command.cancelled:
        order.cancel(command.reason)
    else:
        order.reject(command.reason, command.code)
    return OrderRejected()
