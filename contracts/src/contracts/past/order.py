"""Past versions of the order service's events."""

from typing import Final
from uuid import UUID

from counterstep.protocol import Past

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
