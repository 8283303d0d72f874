"""What the payment service can be asked."""

from typing import Never
from uuid import UUID

from counterstep import Command, Refusal, Reply

from contracts.catalogue import CustomerId
from contracts.money import Money


class PaymentAuthorized(Reply):
    """The amount is held on the customer's account; the authorization's id is what a capture must name."""

    authorization_id: UUID


class PaymentDeclined(Refusal):
    """The amount is not held."""


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
