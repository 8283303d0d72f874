"""What each step of the order saga asks of its participant."""

from uuid import UUID

from contracts.inventory import CommitStock, ReleaseStock, ReserveStock
from contracts.order import ApproveOrder, OrderPlaced, RejectOrder
from contracts.payment import AuthorizePayment, CapturePayment, VoidPayment


def order_id(order: OrderPlaced) -> UUID:
    return order.order_id


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


def capture_payment(order: OrderPlaced) -> CapturePayment:
    return CapturePayment(order_id=order.order_id, customer_id=order.customer_id)


def approve_order(order: OrderPlaced) -> ApproveOrder:
    return ApproveOrder(order_id=order.order_id)


def reject_order(order: OrderPlaced, reason: str) -> RejectOrder:
    return RejectOrder(order_id=order.order_id, reason=reason)
