"""Every order command, answered by its handler called as a plain function."""

from uuid import UUID

import pytest
from contracts.order import (
    OrderApproved,
    OrderRejected,
    RejectOrder,
    ReviewOrder,
    ReviewWithdrawn,
)
from counterstep import Token
from order.handlers import approve, reject, review, withdraw_review
from order.model import Order
from order.review import Review

ORDER = UUID(int=1)
TOKEN = Token("saga/review_order")


def placed() -> Order:
    return Order(
        order_id=ORDER,
        saga_id=UUID(int=2),
        customer_id="ada",
        lines=(),
        placed_by="ada",
        idempotency_key="key",
        fingerprint="0",
    )


def test_an_approved_order_is_confirmed() -> None:
    order = placed()
    assert approve(order) == OrderApproved()
    assert order.status == "confirmed"


def test_a_rejected_order_carries_its_reason_and_the_code_of_the_refusal() -> None:
    order = placed()
    command = RejectOrder(order_id=order.order_id, reason="no lamps", code="not_available")
    assert reject(command, order) == OrderRejected()
    assert (order.status, order.reason, order.code) == ("rejected", "no lamps", "not_available")


def test_an_order_that_its_customer_wants_undone_is_cancelled_and_not_rejected() -> None:
    order = placed()
    order.request_cancellation()
    assert order.cancellation == "requested"
    reject(RejectOrder(order_id=ORDER, reason="called back", code=None, cancelled=True), order)
    assert (order.status, order.cancellation) == ("cancelled", "done")


def test_where_no_order_was_placed_nothing_is_rejected_and_the_saga_can_end() -> None:
    assert reject(RejectOrder(order_id=ORDER, reason="no account", code=None), None) == OrderRejected()


def test_a_cancellation_that_comes_too_late_says_so() -> None:
    order = placed()
    order.request_cancellation()
    approve(order)
    assert (order.status, order.cancellation) == ("confirmed", "too_late")


def test_an_order_that_has_ended_cannot_be_cancelled() -> None:
    order = placed()
    order.confirm()
    with pytest.raises(ValueError, match="is confirmed"):
        order.request_cancellation()


def test_the_reply_to_a_review_is_deferred() -> None:
    reviews: dict[UUID, Review] = {}
    assert review(ReviewOrder(order_id=ORDER), reviews, TOKEN) == TOKEN
    assert (reviews[ORDER].status, reviews[ORDER].token) == ("waiting", TOKEN)


def test_a_review_is_decided_once() -> None:
    waiting = Review(order_id=ORDER, token=TOKEN)
    waiting.decide("approved", by="grace", reason=None)
    assert (waiting.status, waiting.decided_by) == ("approved", "grace")
    with pytest.raises(ValueError, match="approved already"):
        waiting.decide("rejected", by="ada", reason="changed my mind")


def test_a_withdrawn_review_can_no_longer_be_decided() -> None:
    waiting = Review(order_id=ORDER, token=TOKEN)
    assert withdraw_review(waiting) == ReviewWithdrawn()
    with pytest.raises(ValueError, match="withdrawn already"):
        waiting.decide("approved", by="grace", reason=None)


def test_withdrawing_a_review_never_requested_or_already_decided_changes_nothing() -> None:
    assert withdraw_review(None) == ReviewWithdrawn()
    decided = Review(order_id=ORDER, token=TOKEN, status="approved")
    withdraw_review(decided)
    assert decided.status == "approved"
