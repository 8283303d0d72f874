"""The order saga, told as dialogues."""

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
    PaymentVoided,
    VoidPayment,
)
from orchestrator.sagas.place_order import PLACE_ORDER
from saga import Status
from saga.testing import rehearse

ORDER = OrderPlaced(
    order_id=uuid4(), customer_id="ada", lines=(Line(sku="lamp", quantity=2),), total=Money(amount=5980)
)


def test_a_paid_order_is_approved() -> None:
    told = rehearse(
        PLACE_ORDER, ORDER, [StockReserved, PaymentAuthorized, PaymentCaptured, StockCommitted, OrderApproved]
    )
    assert told.sent == [ReserveStock, AuthorizePayment, CapturePayment, CommitStock, ApproveOrder]
    assert told.status is Status.COMPLETED


def test_unavailable_stock_rejects_the_order_and_asks_for_no_money() -> None:
    told = rehearse(PLACE_ORDER, ORDER, [StockUnavailable, OrderRejected])
    assert told.sent == [ReserveStock, RejectOrder]
    assert told.status is Status.COMPENSATED


def test_a_declined_payment_releases_the_stock_and_rejects_the_order() -> None:
    told = rehearse(PLACE_ORDER, ORDER, [StockReserved, PaymentDeclined, StockReleased, OrderRejected])
    assert told.sent == [ReserveStock, AuthorizePayment, ReleaseStock, RejectOrder]
    assert told.status is Status.COMPENSATED


def test_a_refused_capture_undoes_everything_last_first() -> None:
    told = rehearse(
        PLACE_ORDER,
        ORDER,
        [StockReserved, PaymentAuthorized, PaymentDeclined, PaymentVoided, StockReleased, OrderRejected],
    )
    assert told.sent == [
        ReserveStock,
        AuthorizePayment,
        CapturePayment,
        VoidPayment,
        ReleaseStock,
        RejectOrder,
    ]
    assert told.status is Status.COMPENSATED


def test_an_order_that_is_not_paid_yet_is_still_running() -> None:
    told = rehearse(PLACE_ORDER, ORDER, [StockReserved])
    assert told.status is Status.RUNNING


def test_the_rejection_carries_the_reason_of_the_refusal() -> None:
    told = rehearse(PLACE_ORDER, ORDER, [StockReserved, PaymentDeclined, StockReleased])
    assert told.run.reason == "PaymentDeclined"
