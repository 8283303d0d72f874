"""What a service has said and the broker has not confirmed yet, for an operator to see."""

from fastapi import APIRouter, Request
from messaging import outbox
from pydantic import BaseModel

from chassis.auth import Viewer
from chassis.database import OpenTransaction

router = APIRouter(prefix="/outbox", tags=["outbox"])


class OutboxView(BaseModel):
    """How many messages wait, for how long the oldest has, and how many of them the broker would not take."""

    waiting: int
    oldest_seconds: float
    refused: int


@router.get("")
async def read(request: Request, _: Viewer, tx: OpenTransaction) -> OutboxView:
    """What waits to be published: nearly nothing, for a moment, where all is well."""
    backlog = await outbox.backlog(tx.sql)
    return OutboxView(
        waiting=backlog.waiting,
        oldest_seconds=round(backlog.oldest_seconds, 3),
        refused=request.app.state.runtime.relay.refused,
    )
