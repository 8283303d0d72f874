"""The order saga, played with given replies."""

from typing import TypeAlias
from uuid import uuid4

import pytest
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
from contracts.order import (
    ApproveOrder,
    CancellationRequested,
    OrderApproved,
    OrderDeclined,
    OrderDeclinedCode,
    OrderPlaced,
    OrderRejected,
    OrderReviewed,
    RejectOrder,
    ReviewOrder,
    ReviewWithdrawn,
)
from contracts.payment import (
    AuthorizePayment,
    CapturePayment,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDeclined,
    PaymentDeclinedCode,
    PaymentVoided,
    VoidPayment,
)
from counterstep import Reply
from counterstep.testing import prove, rehearse
from orchestrator.sagas.place_order import PLACE_ORDER

ORDER = OrderPlaced(
    order_id=uuid4(),
    customer_id="ada",
    lines=(Line(sku="lamp", quantity=2),),
    total=Money(amount=5980),
    needs_review=False,
)
Answer: TypeAlias = Reply | type[Reply]

AUTHORIZED = PaymentAuthorized(authorization_id=uuid4())


def test_stock_and_money_are_held_at_once() -> None:
    assert rehearse(PLACE_ORDER, ORDER, []).sent == [ReserveStock, AuthorizePayment]


@pytest.mark.parametrize("held", [(StockReserved, AUTHORIZED), (AUTHORIZED, StockReserved)])
def test_a_paid_order_is_approved_whichever_is_held_first(held: tuple[Answer, Answer]) -> None:
    order = rehearse(PLACE_ORDER, ORDER, [*held, PaymentCaptured, StockCommitted, OrderApproved])
    assert order.sent == [ReserveStock, AuthorizePayment, CapturePayment, CommitStock, ApproveOrder]
    assert order.status == "completed"


def test_nothing_is_captured_before_both_are_held() -> None:
    assert CapturePayment not in rehearse(PLACE_ORDER, ORDER, [AUTHORIZED]).sent
    assert CapturePayment not in rehearse(PLACE_ORDER, ORDER, [StockReserved]).sent


@pytest.mark.parametrize("replies", [(StockUnavailable, AUTHORIZED), (AUTHORIZED, StockUnavailable)])
def test_unavailable_stock_voids_the_payment_and_rejects_the_order(replies: tuple[Answer, Answer]) -> None:
    order = rehearse(PLACE_ORDER, ORDER, [*replies, PaymentVoided, OrderRejected])
    assert order.sent == [ReserveStock, AuthorizePayment, VoidPayment, RejectOrder]
    assert order.status == "compensated"


def test_a_declined_payment_releases_the_stock_and_rejects_the_order() -> None:
    order = rehearse(PLACE_ORDER, ORDER, [StockReserved, PaymentDeclined, StockReleased, OrderRejected])
    assert order.sent == [ReserveStock, AuthorizePayment, ReleaseStock, RejectOrder]
    assert order.status == "compensated"


def test_an_order_that_neither_can_serve_is_rejected_and_nothing_is_compensated() -> None:
    order = rehearse(PLACE_ORDER, ORDER, [StockUnavailable, PaymentDeclined, OrderRejected])
    assert order.sent == [ReserveStock, AuthorizePayment, RejectOrder]
    assert order.instance.abort is not None
    assert order.instance.abort.reason == "StockUnavailable"


def test_a_refused_capture_compensates_both_last_first() -> None:
    order = rehearse(
        PLACE_ORDER,
        ORDER,
        [StockReserved, AUTHORIZED, PaymentDeclined, PaymentVoided, StockReleased, OrderRejected],
    )
    assert order.sent == [
        ReserveStock,
        AuthorizePayment,
        CapturePayment,
        VoidPayment,
        ReleaseStock,
        RejectOrder,
    ]
    assert order.status == "compensated"


def test_an_order_that_is_not_paid_yet_is_still_running() -> None:
    order = rehearse(PLACE_ORDER, ORDER, [StockReserved])
    assert order.status == "running"


def test_the_abort_carries_the_reason_of_the_refusal_and_its_code() -> None:
    declined = PaymentDeclined(code=PaymentDeclinedCode.INSUFFICIENT_FUNDS, reason="too little money")
    order = rehearse(PLACE_ORDER, ORDER, [StockReserved, declined, StockReleased])
    abort = order.instance.abort
    assert abort is not None
    assert (abort.reason, abort.code) == ("too little money", "insufficient_funds")


def test_a_dear_order_is_reviewed_before_stock_or_money_is_held() -> None:
    dear = ORDER.model_copy(update={"needs_review": True})
    assert rehearse(PLACE_ORDER, dear, []).sent == [ReviewOrder]
    assert rehearse(PLACE_ORDER, dear, [OrderReviewed]).sent == [
        ReviewOrder,
        ReserveStock,
        AuthorizePayment,
    ]


def test_a_dear_order_that_is_turned_down_is_rejected_and_holds_nothing() -> None:
    dear = ORDER.model_copy(update={"needs_review": True})
    order = rehearse(PLACE_ORDER, dear, [OrderDeclined, OrderRejected])
    assert order.sent == [ReviewOrder, RejectOrder]
    assert order.status == "compensated"


def test_the_capture_names_the_authorization_it_was_given() -> None:
    order = rehearse(PLACE_ORDER, ORDER, [StockReserved, AUTHORIZED])
    capture = order.commands[-1]
    assert isinstance(capture, CapturePayment)
    assert capture.authorization_id == AUTHORIZED.authorization_id


def test_a_rejection_says_whether_the_customer_wanted_it() -> None:
    dear = ORDER.model_copy(update={"needs_review": True})
    wanted = CancellationRequested(order_id=dear.order_id)
    cancelled = rehearse(PLACE_ORDER, dear, [wanted, ReviewWithdrawn]).commands[-1]
    declined = rehearse(PLACE_ORDER, dear, [OrderDeclined]).commands[-1]
    assert isinstance(cancelled, RejectOrder)
    assert isinstance(declined, RejectOrder)
    assert (cancelled.cancelled, declined.cancelled) == (True, False)


def test_a_rejection_carries_the_code_of_the_refusal_and_a_cancellation_has_none() -> None:
    dear = ORDER.model_copy(update={"needs_review": True})
    refusal = OrderDeclined(code=OrderDeclinedCode.REJECTED_BY_REVIEWER, reason="the address is unknown")
    declined = rehearse(PLACE_ORDER, dear, [refusal]).commands[-1]
    wanted = CancellationRequested(order_id=dear.order_id)
    cancelled = rehearse(PLACE_ORDER, dear, [wanted, ReviewWithdrawn]).commands[-1]
    assert isinstance(declined, RejectOrder)
    assert isinstance(cancelled, RejectOrder)
    assert (declined.code, declined.reason) == ("rejected_by_reviewer", "the address is unknown")
    assert cancelled.code is None


def test_nothing_that_can_go_wrong_leaves_an_order_half_done() -> None:
    """Raises with the shortest way to harm, if there is one."""
    assert prove(PLACE_ORDER, attempts=1, seconds=120).is_complete
