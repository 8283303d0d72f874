"""Version 1 of placing an order, which instances may still be pinned to, played with given replies."""

from uuid import uuid4

from contracts.catalogue import Line
from contracts.inventory import (
    CommitStock,
    ReleaseStock,
    ReserveStock,
    StockCommitted,
    StockReleased,
    StockReserved,
    StockUnavailable,
)
from contracts.money import Money
from contracts.order import ApproveOrder, OrderApproved, OrderPlaced, OrderRejected, RejectOrder
from contracts.payment import (
    AuthorizePayment,
    CapturePayment,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDeclined,
)
from counterstep.testing import rehearse
from orchestrator.sagas.place_order_v1 import PLACE_ORDER_V1

ORDER = OrderPlaced(
    order_id=uuid4(),
    customer_id="ada",
    lines=(Line(sku="lamp", quantity=2),),
    total=Money(amount=5980),
    needs_review=False,
)
AUTHORIZED = PaymentAuthorized(authorization_id=uuid4())


def test_the_payment_is_authorized_only_when_the_stock_is_reserved() -> None:
    assert rehearse(PLACE_ORDER_V1, ORDER, []).sent == [ReserveStock]
    assert rehearse(PLACE_ORDER_V1, ORDER, [StockReserved]).sent == [ReserveStock, AuthorizePayment]


def test_a_paid_order_is_approved() -> None:
    order = rehearse(
        PLACE_ORDER_V1, ORDER, [StockReserved, AUTHORIZED, PaymentCaptured, StockCommitted, OrderApproved]
    )
    assert order.sent == [ReserveStock, AuthorizePayment, CapturePayment, CommitStock, ApproveOrder]
    assert order.status == "completed"


def test_unavailable_stock_rejects_the_order_and_authorizes_no_payment() -> None:
    order = rehearse(PLACE_ORDER_V1, ORDER, [StockUnavailable, OrderRejected])
    assert order.sent == [ReserveStock, RejectOrder]
    assert order.status == "compensated"


def test_a_declined_payment_releases_the_stock_and_rejects_the_order() -> None:
    order = rehearse(PLACE_ORDER_V1, ORDER, [StockReserved, PaymentDeclined, StockReleased, OrderRejected])
    assert order.sent == [ReserveStock, AuthorizePayment, ReleaseStock, RejectOrder]
    assert order.status == "compensated"
