"""What waits in an outbox, and what an inbox remembers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from counterstep.protocol.answers import Direction


class OutboxView(BaseModel):
    """How many messages wait, for how long the oldest has, and how many of them the broker would not take."""

    waiting: int
    oldest_seconds: float
    refused: int


class WaitingView(BaseModel):
    """A message that waits: what it is, where it goes, and since when."""

    message_id: UUID
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    body: str
    written_at: datetime


class AnswerView(BaseModel):
    """The one answer to a step of a saga in one direction, however often it was asked for."""

    saga_id: UUID
    step: str
    direction: Direction
    type: str
    body: dict[str, Any]
    answered_at: datetime
