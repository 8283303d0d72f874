"""A message in quarantine, and what an operator may do about it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from counterstep.messaging.inbox import table as inbox
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.sendable import check_sendable
from counterstep.protocol.headers import Headers

RETRY_WITHIN: Final = timedelta(days=inbox.RETENTION_DAYS) / 2
"""The inboxes must still know what has been done for the message's saga, so that nothing is done twice."""


class Quarantined(SQLModel, table=True):
    """One message that the broker would not take: why, how often it was tried, and what became of it."""

    __tablename__ = "outbox_quarantine"
    __table_args__ = (
        Index("outbox_quarantine_waiting", "message_id", postgresql_where=text("status = 'waiting'")),
    )

    message_id: UUID = Field(primary_key=True)
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    headers: Any = Field(sa_type=JSONB, nullable=False)
    body: bytes = Field(sa_type=LargeBinary)
    written_at: datetime = Field(sa_type=DateTime(timezone=True))
    reason: str
    tries: int
    status: QuarantineStatus = Field(sa_type=String)
    quarantined_at: datetime = Field(sa_type=DateTime(timezone=True))
    settled_by: str | None = None
    settled_because: str | None = None

    def settle(self, status: QuarantineStatus, *, by: str, because: str) -> None:
        """Retry or discard it.

        Raises `ValueError` if that was done already, if it is too old to retry, or if AMQP cannot carry it.
        """
        if self.status != "waiting":
            raise ValueError(f"message {self.message_id} is {self.status} already")
        if status == "retried":
            if datetime.now(UTC) - self.written_at > RETRY_WITHIN:
                raise ValueError(f"message {self.message_id} is too old: what its saga did is no longer known")
            check_sendable(self.envelope())
        self.status, self.settled_by, self.settled_because = status, by, because

    def envelope(self) -> Envelope:
        """The same message, as it goes into the outbox again. Raises `ValueError` where it cannot be read."""
        try:
            headers = Headers.stored(json.dumps(self.headers))
        except Exception as error:
            raise ValueError(f"the headers of message {self.message_id} cannot be read: {error}") from error
        return Envelope(
            message_id=self.message_id,
            saga_id=self.saga_id,
            type=self.type,
            exchange=self.exchange,
            routing_key=self.routing_key,
            headers=headers,
            body=self.body,
        )
