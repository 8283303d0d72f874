"""A service of the release before: it sends and reads version 1 of `OrderPlaced` and of the refusals.

It does not know version 2, and its refusals have no code.

python -m yesterday order
"""

import runpy
import sys
from typing import Final, cast
from uuid import UUID

import contracts.order
import contracts.payment
from contracts.catalogue import CustomerId, Line
from contracts.money import Money
from contracts.payment import PaymentAuthorized, PaymentCaptured
from contracts.topology import SHOP
from counterstep.protocol.messages import Command, Message, Refusal, StartEvent
from counterstep.protocol.naming import type_name
from counterstep.protocol.refusal_codes import UNSPECIFIED
from pydantic import Field

REVIEW_ABOVE: Final = 10_000_00


class OrderPlaced(StartEvent):
    """As `contracts.order` declared it then."""

    __module__ = contracts.order.__name__

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money

    @property
    def needs_review(self) -> bool:
        """The message did not say it: the saga decided by the total."""
        return self.total.amount > REVIEW_ABOVE


class PaymentDeclined(Refusal):
    """As `contracts.payment` declared it then. A code that it is given is not sent."""

    __module__ = contracts.payment.__name__

    code: str = Field(default=UNSPECIFIED, exclude=True)


class AuthorizePayment(Command[PaymentAuthorized, PaymentDeclined]):
    """The same command as today, with the refusal of version 1."""

    __module__ = contracts.payment.__name__

    order_id: UUID
    customer_id: CustomerId
    amount: Money


class CapturePayment(Command[PaymentCaptured, PaymentDeclined]):
    """The same command as today, with the refusal of version 1."""

    __module__ = contracts.payment.__name__

    order_id: UUID
    customer_id: CustomerId
    authorization_id: UUID


def main() -> None:
    """Remove the later versions, then run the service that is named."""
    known = cast(dict[str, type[Message]], SHOP.contracts.versions)
    for module, then in (
        (contracts.order, OrderPlaced),
        (contracts.payment, PaymentDeclined),
        (contracts.payment, AuthorizePayment),
        (contracts.payment, CapturePayment),
    ):
        del known[type_name(getattr(module, then.__name__))]
        known[type_name(then)] = then
        setattr(module, then.__name__, then)
    runpy.run_module(sys.argv[1], run_name="__main__")


if __name__ == "__main__":
    main()
