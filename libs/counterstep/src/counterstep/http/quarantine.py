"""Messages in quarantine over HTTP, the same on every service: look at them, retry them, discard them."""

import json
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlmodel import col

from counterstep.http.auth import Operator, Viewer
from counterstep.http.paging.pages import Page, Paging
from counterstep.http.payload import in_part, readable
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.settling import Because, Many, conflicts, row_of, settle_oldest
from counterstep.http.views.quarantine import QuarantinedView, WholeQuarantinedView
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus
from counterstep.messaging.outbox.quarantined import Quarantined
from counterstep.telemetry import operator_span

router = APIRouter(prefix="/outbox/quarantine", tags=["outbox"])


class Retry(Many):
    """Retry many messages at once: those that are in quarantine longest, of one type or of all."""


class Retried(BaseModel):
    """How many messages went back into the outbox."""

    retried: int


@router.get("")
async def browse(
    _: Viewer,
    tx: OpenPlatformTransaction,
    paging: Annotated[Paging, Depends()],
    status: QuarantineStatus = "waiting",
) -> Page[QuarantinedView]:
    """Messages that the broker would not take, newest message first."""
    rows, next_cursor = await paging.rows(tx.session, Quarantined, col(Quarantined.status) == status)
    return Page(items=[QuarantinedView.model_validate(row) for row in rows], next_cursor=next_cursor)


@router.get("/{message_id}")
async def read(
    message_id: UUID, _: Viewer, tx: OpenPlatformTransaction, *, whole: bool = False
) -> WholeQuarantinedView:
    """One message in quarantine, with the beginning of its body, or with the `whole`."""
    found = await _found(tx, message_id)
    body = readable(found.body) if whole else in_part(readable(found.body))
    told = {**found.model_dump(exclude={"body", "headers"}), "body": body, "headers": json.dumps(found.headers)}
    return WholeQuarantinedView.model_validate(told)


@router.post("/retry", status_code=202)
async def retry_many(body: Retry, operator: Operator, tx: OpenPlatformTransaction) -> Retried:
    """Put the messages that are in quarantine longest back into the outbox.

    Messages that AMQP cannot carry, or that are too old, stay where they are.
    """
    retry = partial(_retry, tx, by=operator.subject, because=body.reason)
    return Retried(retried=await settle_oldest(tx, Quarantined, "quarantined_at", body, retry))


@router.post("/{message_id}/retry", status_code=202)
async def retry(
    message_id: UUID, body: Because, operator: Operator, tx: OpenPlatformTransaction
) -> QuarantinedView:
    """Put the same message, with the same id, back into the outbox. It comes again where nothing has changed."""
    found = await _found(tx, message_id, with_for_update=True)
    _retry(tx, found, operator.subject, body.reason)
    return QuarantinedView.model_validate(found)


@router.post("/{message_id}/discard", status_code=202)
async def discard(
    message_id: UUID, body: Because, operator: Operator, tx: OpenPlatformTransaction
) -> QuarantinedView:
    """Settle a message that nobody needs. It is never sent, and stays on record."""
    found = await _found(tx, message_id, with_for_update=True)
    with conflicts():
        found.settle("discarded", by=operator.subject, because=body.reason)
    return QuarantinedView.model_validate(found)


def _retry(tx: PlatformTransaction, found: Quarantined, by: str, because: str) -> None:
    with conflicts():
        found.settle("retried", by=by, because=because)
    envelope = found.envelope()
    place = envelope.headers.traceparent
    with operator_span(f"retry {found.type}", place, found.saga_id, operator=by, reason=because):
        tx.send(envelope)


async def _found(tx: PlatformTransaction, message_id: UUID, *, with_for_update: bool = False) -> Quarantined:
    missing = f"message {message_id} is not in quarantine; GET /outbox/quarantine lists those that are"
    return await row_of(tx, Quarantined, message_id, missing, with_for_update=with_for_update)
