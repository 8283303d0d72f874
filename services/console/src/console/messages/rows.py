"""A message as the services' APIs tell of it: dead, waiting in an outbox, or answered."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.protocol import Direction
from messaging.dead_letters import LetterStatus
from pydantic import BaseModel


class Letter(BaseModel, frozen=True):
    """A dead letter: where it died (`origin`), why, and how often."""

    service: str
    message_id: UUID
    saga_id: UUID
    type: str
    origin: str
    reason: str
    deaths: int
    status: LetterStatus
    died_at: datetime
    settled_by: str | None
    settled_because: str | None

    @property
    def cause(self) -> str:
        """The reason in one line: of a traceback the last, which names the error."""
        return next((line for line in reversed(self.reason.splitlines()) if line.strip()), self.reason)


class WholeLetter(Letter, frozen=True):
    """A dead letter with what was in it."""

    body: str
    headers: str


class Waiting(BaseModel, frozen=True):
    """A message in the outbox of a service."""

    service: str
    message_id: UUID
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    body: str
    written_at: datetime


class Answer(BaseModel, frozen=True):
    """A command that a service has answered."""

    service: str
    saga_id: UUID
    step: str
    direction: Direction
    type: str
    body: dict[str, Any]
    answered_at: datetime


def indented(text: str) -> str:
    """JSON on many lines; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
