"""What the order service announces, and what it can be asked."""

from typing import Never
from uuid import UUID

from contracts.base import Command, Event, Reply
from contracts.catalogue import CustomerId, Line
from contracts.money import Money


class OrderPlaced(Event):
    """A customer's order is on disk; the saga `place_order` begins."""

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money


class OrderApproved(Reply):
    """The order is confirmed."""


class OrderRejected(Reply):
    """The order is rejected, and why stands in it."""


class ApproveOrder(Command[OrderApproved, Never]):
    order_id: UUID


class RejectOrder(Command[OrderRejected, Never]):
    order_id: UUID
    reason: str
