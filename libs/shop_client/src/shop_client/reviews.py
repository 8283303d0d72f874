"""Requests about orders that wait for an operator's decision, to the order service."""

from datetime import UTC, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.money import Money
from counterstep.client import LONGEST_PAGE, Page, Request
from counterstep.protocol.ids import made_at
from pydantic import BaseModel

from shop_client.orders import OrderLine

ReviewStatus: TypeAlias = Literal["waiting", "approved", "rejected", "withdrawn"]


class Review(BaseModel, frozen=True):
    """The review of one order: what was ordered, what was decided, by whom, and why."""

    order_id: UUID
    status: ReviewStatus
    decided_by: str | None
    reason: str | None
    saga_id: UUID
    customer_id: str
    lines: tuple[OrderLine, ...]
    total: Money

    @property
    def placed_at(self) -> datetime | None:
        """When the order was placed; `None` where its id does not tell."""
        return _placed_at(self.order_id)


class WaitingReviews(BaseModel, frozen=True):
    """How many orders wait for a decision, and the id of the order that has waited longest."""

    waiting: int
    oldest: UUID | None

    @property
    def since(self) -> datetime | None:
        """When the order was placed that has waited longest."""
        return _placed_at(self.oldest) if self.oldest else None


def browse(
    *, status: ReviewStatus = "waiting", limit: int = LONGEST_PAGE, cursor: str | None = None
) -> Request[Page[Review]]:
    """A page of the reviews of this status, newest first."""
    return Request("GET", "/reviews", Page[Review], query={"status": status, "limit": limit, "cursor": cursor})


def waiting() -> Request[WaitingReviews]:
    """How many orders wait for a decision."""
    return Request("GET", "/reviews/waiting", WaitingReviews)


def approve(order_id: UUID, *, reason: str = "") -> Request[Review]:
    """Let the order go on."""
    return Request("POST", f"/reviews/{order_id}/approve", Review, body={"reason": reason} if reason else None)


def reject(order_id: UUID, *, reason: str) -> Request[Review]:
    """Reject the order. Its customer reads the reason."""
    return Request("POST", f"/reviews/{order_id}/reject", Review, body={"reason": reason})


def _placed_at(order_id: UUID) -> datetime | None:
    made = made_at(order_id)
    return None if made is None else datetime.fromtimestamp(made, UTC)
