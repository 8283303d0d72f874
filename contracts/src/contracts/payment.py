"""The commands that the payment service handles, with their replies."""

from typing import ClassVar, Never
from uuid import UUID

from counterstep import Command, Refusal, RefusalCode, Reply

from contracts.catalogue import CustomerId
from contracts.money import Money


class PaymentAuthorized(Reply):
    """The amount is held on the customer's account; the authorization's id is what a capture must name."""

    authorization_id: UUID


class PaymentDeclinedCode(RefusalCode):
    """Why a payment is declined."""

    UNKNOWN_ACCOUNT = "unknown_account"
    WRONG_CURRENCY = "wrong_currency"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    ALREADY_AUTHORIZED = "already_authorized"
    NOTHING_AUTHORIZED = "nothing_authorized"
    UNSPECIFIED = "unspecified"
    """Version 1 gave no code. No service sends this one."""


class PaymentDeclined(Refusal):
    """The amount is not held or, in answer to a capture, not taken."""

    version: ClassVar[int] = 2

    code: PaymentDeclinedCode


class PaymentVoided(Reply):
    """Nothing is held for the order any more."""


class PaymentCaptured(Reply):
    """What was held is taken."""


class AuthorizePayment(Command[PaymentAuthorized, PaymentDeclined]):
    order_id: UUID
    customer_id: CustomerId
    amount: Money


class VoidPayment(Command[PaymentVoided, Never]):
    order_id: UUID
    customer_id: CustomerId


class CapturePayment(Command[PaymentCaptured, PaymentDeclined]):
    order_id: UUID
    customer_id: CustomerId
    authorization_id: UUID
