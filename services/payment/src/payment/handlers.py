"""The handlers of the payment service: one plain function for each command."""

from uuid import UUID

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
from contracts.topology import SHOP
from counterstep import Participant
from uuid_utils.compat import uuid7

from payment.model import Account, Authorization

payment = Participant("payment", SHOP)


@payment.handles(AuthorizePayment)
def authorize(
    command: AuthorizePayment, account: Account | None, authorizations: dict[UUID, Authorization]
) -> PaymentAuthorized | PaymentDeclined:
    """Hold the order's total on the customer's account. `void` compensates it."""
    if account is None:
        return PaymentDeclined(
            code=PaymentDeclinedCode.UNKNOWN_ACCOUNT, reason=f"unknown customer: {command.customer_id}"
        )
    if command.order_id in authorizations:
        return PaymentDeclined(
            code=PaymentDeclinedCode.ALREADY_AUTHORIZED, reason=f"already authorized: {command.order_id}"
        )
    if refusal := account.refusal(command.amount):
        return refusal
    account.hold(command.amount.amount)
    authorization = Authorization(
        order_id=command.order_id,
        authorization_id=uuid7(),
        customer_id=command.customer_id,
        amount=command.amount.amount,
    )
    authorizations[command.order_id] = authorization
    return PaymentAuthorized(authorization_id=authorization.authorization_id)


@payment.handles(VoidPayment)
def void(account: Account | None, authorization: Authorization | None) -> PaymentVoided:
    """Compensate `authorize`, where there is an authorization."""
    if account and authorization:
        authorization.void(account)
    return PaymentVoided()


@payment.handles(CapturePayment)
def capture(
    command: CapturePayment, account: Account | None, authorization: Authorization | None
) -> PaymentCaptured | PaymentDeclined:
    """Take what is held for the order: the saga's point of no return."""
    if account is None or authorization is None or not authorization.is_held_as(command.authorization_id):
        return PaymentDeclined(
            code=PaymentDeclinedCode.NOTHING_AUTHORIZED, reason=f"nothing is held for order {command.order_id}"
        )
    authorization.capture(account)
    return PaymentCaptured()
