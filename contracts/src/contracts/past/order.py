"""Past versions of the order service's messages."""

from typing import Final
from uuid import UUID

from counterstep.protocol import Past
from pydantic import ConfigDict

from contracts import order
from contracts.catalogue import CustomerId, Line
from contracts.money import Money

REVIEWED_ABOVE: Final = 10_000_00
"""In minor units: what an order might cost without a review, while the saga decided that by the total."""


class OrderPlaced(Past):
    """In version 1 the consumer decided whether the order needs a review."""

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money

    def upcast(self) -> order.OrderPlaced:
        """By the rule that was in force then, whatever it is now."""
        return order.OrderPlaced(
            order_id=self.order_id,
            customer_id=self.customer_id,
            lines=self.lines,
            total=self.total,
            needs_review=self.total.amount > REVIEWED_ABOVE,
        )


class OrderDeclined(Past):
    """Version 1 had no code, and was sent in one case only."""

    reason: str

    def upcast(self) -> order.OrderDeclined:
        """Only a reviewer could decline an order then."""
        return order.OrderDeclined(code=order.OrderDeclinedCode.REJECTED_BY_REVIEWER, reason=self.reason)


class RejectOrder(Past):
    """Version 1 had no code. Unknown fields are refused, as in every version of a command."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: UUID
    reason: str
    cancelled: bool = False

    def upcast(self) -> order.RejectOrder:
        """The code is not known: it is not searched for in the reason."""
        return order.RejectOrder(order_id=self.order_id, reason=self.reason, code=None, cancelled=self.cancelled)
