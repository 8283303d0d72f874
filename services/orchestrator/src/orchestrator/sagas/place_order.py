"""Placing an order: hold the stock and the money at once; when both are held take the money, then finish.

First the functions that make the command of each step and of its compensation, then the saga that uses them.
"""

from datetime import timedelta
from uuid import UUID

from contracts.inventory import CommitStock, ReleaseStock, ReserveStock
from contracts.order import (
    ApproveOrder,
    CancellationRequested,
    OrderPlaced,
    RejectOrder,
    ReviewOrder,
    WithdrawReview,
)
from contracts.payment import AuthorizePayment, CapturePayment, PaymentAuthorized, VoidPayment
from counterstep.saga import Abort, Saga, parallel, step


def order_id(order: OrderPlaced) -> UUID:
    return order.order_id


def customer_id(order: OrderPlaced) -> str:
    return order.customer_id


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


def reject_order(order: OrderPlaced, abort: Abort) -> RejectOrder:
    return RejectOrder(
        order_id=order.order_id, reason=abort.reason, code=abort.code, cancelled=abort.is_cancellation
    )


PLACE_ORDER = Saga(
    name="place_order",
    version=2,
    starts_on=OrderPlaced,
    key=order_id,
    undo=reject_order,
    compensatable=(
        step(review_order, undo=withdraw_review, within=timedelta(days=3), when=needs_review),
        parallel(
            step(reserve_stock, undo=release_stock, within=timedelta(seconds=10)),
            step(authorize_payment, undo=void_payment, within=timedelta(seconds=30)),
        ),
    ),
    pivot=capture_payment,
    retriable=(commit_stock, approve_order),
    cancelled_by=CancellationRequested,
    owner=customer_id,
    unique=True,
)
