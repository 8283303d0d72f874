"""What a service has said and the broker has not confirmed yet, for an operator to see."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from messaging import outbox
from pydantic import BaseModel

from chassis.auth import Viewer
from chassis.database import OpenTransaction
from chassis.payload import readable

router = APIRouter(prefix="/outbox", tags=["outbox"])


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

    @classmethod
    def of(cls, waiting: outbox.Waiting) -> Self:
        said = waiting.envelope
        return cls(
            message_id=said.message_id,
            saga_id=said.saga_id,
            type=said.type,
            exchange=said.exchange,
            routing_key=said.routing_key,
            body=readable(said.body),
            written_at=waiting.written_at,
        )


@router.get("")
async def read(request: Request, _: Viewer, tx: OpenTransaction) -> OutboxView:
    """What waits to be published: nearly nothing, for a moment, where all is well."""
    backlog = await outbox.backlog(tx.sql)
    return OutboxView(
        waiting=backlog.waiting,
        oldest_seconds=round(backlog.oldest_seconds, 3),
        refused=request.app.state.runtime.relay.refused,
    )


@router.get("/messages")
async def messages(
    _: Viewer, tx: OpenTransaction, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[WaitingView]:
    """The messages that have waited longest, oldest first."""
    return [WaitingView.of(waiting) for waiting in await outbox.oldest(tx.sql, limit=limit)]
