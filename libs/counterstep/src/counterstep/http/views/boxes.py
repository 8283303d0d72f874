"""Rows of an outbox and of an inbox, for operators."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from counterstep.protocol.answers import Direction


class OutboxView(BaseModel):
    """How many messages wait to be published, the age of the oldest, and how many of them the broker refused.

    `quarantined` messages are no longer among them: they wait for an operator.
    """

    waiting: int
    oldest_seconds: float
    refused: int
    quarantined: int = 0


class WaitingView(BaseModel):
    """A message that waits to be published: what it is, where it goes, and when it was written."""

    message_id: UUID
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    body: str
    written_at: datetime


class RetriesView(BaseModel):
    """How many messages of each queue could not be handled, and wait for their next try."""

    waiting: dict[str, int]


class RetryView(BaseModel, from_attributes=True):
    """A message that waits for its next try: how often it failed in which queue, why, and until when."""

    queue: str
    message_id: UUID
    saga_id: UUID
    type: str
    failures: int
    reason: str
    not_before: datetime


class AnswerView(BaseModel):
    """The one reply to a step of a saga in one direction, however often the command arrived."""

    saga_id: UUID
    step: str
    direction: Direction
    type: str
    body: dict[str, Any]
    answered_at: datetime
