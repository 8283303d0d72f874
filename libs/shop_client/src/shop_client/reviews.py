"""Requests about orders that wait for an operator's decision, to the order service."""

from typing import Literal
from uuid import UUID

from counterstep.client import LONGEST_PAGE, Page, Request
from pydantic import BaseModel


class Review(BaseModel, frozen=True):
    """The review of one order: what was decided, by whom, and why."""

    order_id: UUID
    status: Literal["waiting", "approved", "rejected", "withdrawn"]
    decided_by: str | None
    reason: str | None


def browse(*, limit: int = LONGEST_PAGE, cursor: str | None = None) -> Request[Page[Review]]:
    """A page of the reviews that wait for a decision, newest first."""
    return Request("GET", "/reviews", Page[Review], query={"limit": limit, "cursor": cursor})


def approve(order_id: UUID) -> Request[Review]:
    """Let the order go on."""
    return Request("POST", f"/reviews/{order_id}/approve", Review)


def reject(order_id: UUID, *, reason: str) -> Request[Review]:
    """Reject the order. Its customer reads the reason."""
    return Request("POST", f"/reviews/{order_id}/reject", Review, body={"reason": reason})
