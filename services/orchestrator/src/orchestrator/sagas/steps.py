"""What each step of the order saga asks of its participant."""

from uuid import UUID

from contracts.inventory import CommitStock, ReleaseStock, ReserveStock
from contracts.order import ApproveOrder, OrderPlaced, RejectOrder, ReviewOrder, WithdrawReview
from contracts.payment import AuthorizePayment, CapturePayment, PaymentAuthorized, VoidPayment
from saga import Cause, Turn


def order_id(order: OrderPlaced) -> UUID:
    return order.order_id


def needs_review(order: OrderPlaced) -> bool:
    return order.needs_review


def review_order(order: OrderPlaced) -> ReviewOrder:
    return ReviewOrder(order_id=order.order_id)


def withdraw_review(order: OrderPlaced) -> WithdrawReview:
    return WithdrawReview(order_id=order.order_id)


def reserve_stock(order: OrderPlaced) -> ReserveStock:
    return ReserveStock(order_id=order.order_id, lines=order.lines)


def release_stock(order: OrderPlaced) -> ReleaseStock:
    return ReleaseStock(order_id=order.order_id, lines=order.lines)


def commit_stock(order: OrderPlaced) -> CommitStock:
    return CommitStock(order_id=order.order_id, lines=order.lines)


def authorize_payment(order: OrderPlaced) -> AuthorizePayment:
    return AuthorizePayment(order_id=order.order_id, customer_id=order.customer_id, amount=order.total)


def void_payment(order: OrderPlaced) -> VoidPayment:
    return VoidPayment(order_id=order.order_id, customer_id=order.customer_id)


def capture_payment(order: OrderPlaced, authorized: PaymentAuthorized) -> CapturePayment:
    return CapturePayment(
        order_id=order.order_id,
        customer_id=order.customer_id,
        authorization_id=authorized.authorization_id,
    )


def approve_order(order: OrderPlaced) -> ApproveOrder:
    return ApproveOrder(order_id=order.order_id)


def reject_order(order: OrderPlaced, turn: Turn) -> RejectOrder:
    return RejectOrder(order_id=order.order_id, reason=turn.reason, cancelled=turn.cause is Cause.CANCELLED)
