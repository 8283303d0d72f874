"""Requests about the messages that a service could not handle."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel

from counterstep.client.request import LONGEST_PAGE, Page, Request
from counterstep.http.views.letters import LetterView, WholeLetterView
from counterstep.messaging.consumer.letter_status import LetterStatus

SettlingVerb: TypeAlias = Literal["replay", "discard"]


class Replayed(BaseModel, frozen=True):
    """How many dead letters were sent back to their queues."""

    replayed: int


def browse(
    status: LetterStatus, *, limit: int = LONGEST_PAGE, cursor: str | None = None
) -> Request[Page[LetterView]]:
    """A page of the service's dead letters of this status, the newest message first."""
    query = {"status": status, "limit": limit, "cursor": cursor}
    return Request("GET", "/dead-letters", Page[LetterView], query=query)


def read(message_id: UUID, *, whole: bool = False) -> Request[WholeLetterView]:
    """One dead letter with its headers and the beginning of its body, or the `whole` of it."""
    return Request("GET", f"/dead-letters/{message_id}", WholeLetterView, query={"whole": whole or None})


def settle(message_id: UUID, verb: SettlingVerb, reason: str) -> Request[LetterView]:
    """Send a dead letter back to its queue (`replay`), or mark it as not needed (`discard`)."""
    return Request("POST", f"/dead-letters/{message_id}/{verb}", LetterView, body={"reason": reason})


def replay_many(*, message_type: str | None, limit: int, reason: str) -> Request[Replayed]:
    """Send the oldest waiting dead letters of one message type, or of all, back to their queues."""
    body = {"type": message_type, "limit": limit, "reason": reason}
    return Request("POST", "/dead-letters/replay", Replayed, body=body)
