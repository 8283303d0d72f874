"""Every order command, answered by its handler called as a plain function."""

from uuid import UUID

from contracts.order import ApproveOrder, OrderApproved, OrderRejected, RejectOrder
from order.handlers import approve, reject
from order.model import Order


def placed() -> Order:
    return Order(
        order_id=UUID(int=1),
        saga_id=UUID(int=2),
        customer_id="ada",
        lines=(),
        placed_by="ada",
        idempotency_key="key",
        fingerprint="0",
    )


def test_an_approved_order_is_confirmed() -> None:
    order = placed()
    assert approve(ApproveOrder(order_id=order.order_id), order) == OrderApproved()
    assert order.status == "confirmed"


def test_a_rejected_order_carries_its_reason() -> None:
    order = placed()
    assert reject(RejectOrder(order_id=order.order_id, reason="no lamps"), order) == OrderRejected()
    assert (order.status, order.reason) == ("rejected", "no lamps")
