"""Requests about the messages that the broker would not take."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel

from counterstep.client.request import LONGEST_PAGE, Page, Request
from counterstep.http.views.quarantine import QuarantinedView, WholeQuarantinedView
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus

QuarantineVerb: TypeAlias = Literal["retry", "discard"]


class Retried(BaseModel, frozen=True):
    """How many messages were put back into the outbox."""

    retried: int


def browse(
    status: QuarantineStatus, *, limit: int = LONGEST_PAGE, cursor: str | None = None
) -> Request[Page[QuarantinedView]]:
    """A page of the service's quarantined messages of this status, the newest message first."""
    query = {"status": status, "limit": limit, "cursor": cursor}
    return Request("GET", "/outbox/quarantine", Page[QuarantinedView], query=query)


def read(message_id: UUID, *, whole: bool = False) -> Request[WholeQuarantinedView]:
    """One message in quarantine with its headers, and the beginning of its body or the `whole`."""
    query = {"whole": whole or None}
    return Request("GET", f"/outbox/quarantine/{message_id}", WholeQuarantinedView, query=query)


def settle(message_id: UUID, verb: QuarantineVerb, reason: str) -> Request[QuarantinedView]:
    """Put a message back into the outbox (`retry`), or mark it as not needed (`discard`)."""
    path = f"/outbox/quarantine/{message_id}/{verb}"
    return Request("POST", path, QuarantinedView, body={"reason": reason})


def retry_many(*, message_type: str | None, limit: int, reason: str) -> Request[Retried]:
    """Put the messages of one type, or of all, that are in quarantine longest back into the outbox."""
    body = {"type": message_type, "limit": limit, "reason": reason}
    return Request("POST", "/outbox/quarantine/retry", Retried, body=body)
