"""Requests about a service's outbox and inbox."""

from uuid import UUID

from counterstep.client.request import LONGEST_PAGE, Page, Request
from counterstep.http.views.boxes import AnswerView, OutboxView, RetriesView, WaitingView


def outbox() -> Request[OutboxView]:
    """How many messages wait to be published, and for how long."""
    return Request("GET", "/outbox", OutboxView)


def outbox_messages() -> Request[list[WaitingView]]:
    """The messages that have waited longest."""
    return Request("GET", "/outbox/messages", list[WaitingView])


def retries() -> Request[RetriesView]:
    """How many messages of each queue wait for their next try."""
    return Request("GET", "/retries", RetriesView)


def inbox(
    *, saga_id: UUID | None = None, limit: int = LONGEST_PAGE, cursor: str | None = None
) -> Request[Page[AnswerView]]:
    """A page of the replies that the service has given, for one saga instance or for all."""
    query = {"saga_id": saga_id, "limit": limit, "cursor": cursor}
    return Request("GET", "/inbox", Page[AnswerView], query=query)
