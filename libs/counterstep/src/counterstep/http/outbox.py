"""The messages of a service that the broker has not confirmed yet, for an operator to see."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from counterstep.http.auth import Viewer
from counterstep.http.payload import in_part, readable
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.views.boxes import OutboxView, WaitingView
from counterstep.messaging.outbox import quarantine
from counterstep.messaging.outbox import table as outbox

router = APIRouter(prefix="/outbox", tags=["outbox"])


@router.get("")
async def read(request: Request, _: Viewer, tx: OpenPlatformTransaction) -> OutboxView:
    """The messages that wait to be published: nearly none, for a moment, if all is well."""
    backlog = await outbox.backlog(tx.query)
    return OutboxView(
        waiting=backlog.waiting,
        oldest_seconds=round(backlog.oldest_seconds, 3),
        refused=request.app.state.runtime.relay.refused,
        quarantined=await quarantine.waiting(tx.query),
    )


@router.get("/messages")
async def messages(
    _: Viewer, tx: OpenPlatformTransaction, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[WaitingView]:
    """The messages that have waited longest, oldest first."""
    return [_view(waiting) for waiting in await outbox.oldest(tx.query, limit=limit)]


def _view(waiting: outbox.Waiting) -> WaitingView:
    envelope = waiting.envelope
    return WaitingView(
        message_id=envelope.message_id,
        saga_id=envelope.saga_id,
        type=envelope.type,
        exchange=envelope.exchange,
        routing_key=envelope.routing_key,
        body=in_part(readable(envelope.body)),
        written_at=waiting.written_at,
    )
