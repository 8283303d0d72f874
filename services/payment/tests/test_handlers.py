"""Every payment command, answered by its handler called as a plain function."""

from uuid import UUID

from contracts.money import Money
from contracts.payment import (
    AuthorizePayment,
    CapturePayment,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDeclined,
    PaymentDeclinedCode,
    PaymentVoided,
)
from payment.handlers import authorize, capture, void
from payment.model import Account, Authorization, Status

ORDER = UUID(int=1)
AUTHORIZE = AuthorizePayment(order_id=ORDER, customer_id="ada", amount=Money(amount=30))
AUTHORIZATION = UUID(int=2)
CAPTURE = CapturePayment(order_id=ORDER, customer_id="ada", authorization_id=AUTHORIZATION)


def account(available: int, held: int = 0) -> Account:
    return Account(customer_id="ada", available=available, held=held)


def authorization(status: Status = "held") -> Authorization:
    return Authorization(
        order_id=ORDER, authorization_id=AUTHORIZATION, customer_id="ada", amount=30, status=status
    )


def test_an_authorized_payment_is_held() -> None:
    ada, authorizations = account(100), dict[UUID, Authorization]()
    reply = authorize(AUTHORIZE, ada, authorizations)
    assert (ada.available, ada.held) == (70, 30)
    assert (authorizations[ORDER].amount, authorizations[ORDER].status) == (30, "held")
    assert reply == PaymentAuthorized(authorization_id=authorizations[ORDER].authorization_id)


def test_a_declined_payment_holds_nothing() -> None:
    ada, authorizations = account(29), dict[UUID, Authorization]()
    reply = authorize(AUTHORIZE, ada, authorizations)
    assert isinstance(reply, PaymentDeclined)
    assert reply.code is PaymentDeclinedCode.INSUFFICIENT_FUNDS
    assert (ada.available, ada.held) == (29, 0)
    assert not authorizations


def test_an_unknown_customer_is_declined() -> None:
    assert authorize(AUTHORIZE, None, {}) == PaymentDeclined(
        code=PaymentDeclinedCode.UNKNOWN_ACCOUNT, reason="unknown customer: ada"
    )


def test_an_order_is_authorized_once() -> None:
    ada = account(70, held=30)
    reply = authorize(AUTHORIZE, ada, {ORDER: authorization()})
    assert isinstance(reply, PaymentDeclined)
    assert reply.code is PaymentDeclinedCode.ALREADY_AUTHORIZED
    assert (ada.available, ada.held) == (70, 30)


def test_a_voided_payment_is_available_again() -> None:
    ada, payment = account(70, held=30), authorization()
    assert void(ada, payment) == PaymentVoided()
    assert (ada.available, ada.held, payment.status) == (100, 0, "voided")


def test_a_void_of_what_was_never_held_changes_nothing() -> None:
    ada = account(100)
    assert void(ada, None) == PaymentVoided()
    assert (ada.available, ada.held) == (100, 0)


def test_a_void_for_an_unknown_customer_is_answered() -> None:
    assert void(None, None) == PaymentVoided()


def test_a_captured_payment_is_taken() -> None:
    ada, payment = account(70, held=30), authorization()
    assert capture(CAPTURE, ada, payment) == PaymentCaptured()
    assert (ada.held, ada.captured, payment.status) == (0, 30, "captured")


def test_nothing_is_captured_where_nothing_is_held() -> None:
    ada = account(70, held=30)
    declined = PaymentDeclined(
        code=PaymentDeclinedCode.NOTHING_AUTHORIZED, reason=f"nothing is held for order {ORDER}"
    )
    assert capture(CAPTURE, ada, None) == declined
    assert capture(CAPTURE, ada, authorization("voided")) == declined
    assert (ada.held, ada.captured) == (30, 0)


def test_a_capture_of_another_authorization_is_declined() -> None:
    ada, other = account(70, held=30), authorization()
    other.authorization_id = UUID(int=3)
    assert isinstance(capture(CAPTURE, ada, other), PaymentDeclined)
    assert (ada.held, ada.captured) == (30, 0)
