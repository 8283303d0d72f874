"""An order as its customer writes and reads it."""

from typing import Annotated, Self
from uuid import UUID

from contracts.catalogue import CustomerId, Line
from contracts.money import Money
from pydantic import AfterValidator, BaseModel, Field

from order.model import Cancellation, Order, PricedLine, Status


def _distinct(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if len({line.sku for line in lines}) < len(lines):
        raise ValueError("each sku may stand in one line only; add the quantities up")
    return lines


class NewOrder(BaseModel, frozen=True, extra="forbid"):
    """What to order, and for whom."""

    customer_id: CustomerId
    lines: Annotated[
        tuple[Line, ...],
        Field(min_length=1, max_length=50, examples=[[{"sku": "lamp", "quantity": 2}]]),
        AfterValidator(_distinct),
    ]


class OrderView(BaseModel, from_attributes=True):
    """An order; `reason` says why it was rejected or cancelled, `saga_id` is its saga.

    `code` is for programs: that of the refusal for which the order was rejected, such as `insufficient_funds`.
    """

    order_id: UUID
    customer_id: str
    lines: tuple[PricedLine, ...]
    total: Money
    status: Status
    reason: str | None
    code: str | None
    cancellation: Cancellation | None
    saga_id: UUID

    @classmethod
    def as_placed(cls, order: Order) -> Self:
        """The order as it was when it was placed: the same answer each time that the request is repeated."""
        return cls(
            order_id=order.order_id,
            customer_id=order.customer_id,
            lines=order.lines,
            total=order.total,
            status="pending",
            reason=None,
            code=None,
            cancellation=None,
            saga_id=order.saga_id,
        )
