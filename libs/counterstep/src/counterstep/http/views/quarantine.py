"""Messages in quarantine."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from counterstep.messaging.outbox.quarantine_status import QuarantineStatus


class QuarantinedView(BaseModel, from_attributes=True):
    """A message that the broker would not take: where it was to go, why not, and how often it was tried."""

    message_id: UUID
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    reason: str
    tries: int
    status: QuarantineStatus
    written_at: datetime
    quarantined_at: datetime
    settled_by: str | None
    settled_because: str | None


class WholeQuarantinedView(QuarantinedView):
    """A message in quarantine with its body as text, without secrets."""

    body: str
    headers: str


class QuarantinedMessage(QuarantinedView, frozen=True):
    """A message in quarantine, with the name of its service."""

    service: str


class WholeQuarantinedMessage(QuarantinedMessage, WholeQuarantinedView, frozen=True):
    """A message in quarantine with the name of its service and its body."""
