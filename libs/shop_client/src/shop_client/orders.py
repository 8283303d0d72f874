"""Requests about orders, to the order service."""

from collections.abc import Mapping
from typing import Literal, Self, TypeAlias
from uuid import UUID

from contracts.money import Money
from counterstep.client import LONGEST_PAGE, Page, Request
from pydantic import BaseModel

OrderStatus: TypeAlias = Literal["pending", "confirmed", "rejected", "cancelled"]


class OrderLine(BaseModel, frozen=True):
    """How many pieces of one product."""

    sku: str
    quantity: int


class NewOrder(BaseModel, frozen=True):
    """What to order, and for which customer. The service checks it; this class does not."""

    customer_id: str
    lines: tuple[OrderLine, ...]

    @classmethod
    def of(cls, customer_id: str, basket: Mapping[str, int]) -> Self:
        """The order of this basket: sku → how many pieces."""
        return cls(
            customer_id=customer_id,
            lines=tuple(OrderLine(sku=sku, quantity=quantity) for sku, quantity in basket.items()),
        )


class Order(BaseModel, frozen=True):
    """An order. The saga `saga_id` settles it; `reason` says why it was rejected or cancelled.

    `code` is that of the refusal for which it was rejected; `None` for any other end, and from an older service.
    """

    order_id: UUID
    customer_id: str
    lines: tuple[OrderLine, ...]
    total: Money
    status: OrderStatus
    reason: str | None
    code: str | None = None
    saga_id: UUID


def place(order: NewOrder, *, key: str, wait: int = 0) -> Request[Order]:
    """Place an order. The same idempotency key always stands for the same order, however often it is sent.

    The answer is the pending order. With `wait` it is the ended one, if it ends within so many seconds.
    """
    return Request("POST", "/orders", Order, body=order, headers={"Idempotency-Key": key}, wait=wait)


def read(order_id: UUID) -> Request[Order]:
    """One order. The answer is a 404 problem for an order that does not exist or is another customer's."""
    return Request("GET", f"/orders/{order_id}", Order)


def browse(
    *,
    status: OrderStatus | None = None,
    customer_id: str | None = None,
    limit: int = LONGEST_PAGE,
    cursor: str | None = None,
) -> Request[Page[Order]]:
    """A page of orders, newest first: those of this status, and of this customer."""
    query = {"status": status, "customer_id": customer_id, "limit": limit, "cursor": cursor}
    return Request("GET", "/orders", Page[Order], query=query)


def cancel(order_id: UUID, *, reason: str) -> Request[Order]:
    """Ask for the order's cancellation. It ends confirmed all the same where it was being paid already."""
    return Request("POST", f"/orders/{order_id}/cancel", Order, body={"reason": reason})
