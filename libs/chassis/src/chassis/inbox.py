"""The commands that a service has answered, and its replies, for an operator to see."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, cast
from uuid import UUID

from contracts.protocol import Direction
from fastapi import APIRouter, Query
from messaging import inbox
from messaging.barrier import Key
from pydantic import AfterValidator
from telemetry.redaction import redacted

from chassis.auth import Viewer
from chassis.database import OpenTransaction
from chassis.paging import Page
from chassis.views.boxes import AnswerView

router = APIRouter(prefix="/inbox", tags=["inbox"])


def encode(key: Key) -> str:
    return urlsafe_b64encode(f"{key.saga_id}/{key.direction}/{key.step}".encode()).rstrip(b"=").decode()


def decode(cursor: str) -> Key:
    """The place in a cursor. ValueError where it is not one of ours."""
    try:
        saga_id, direction, step = urlsafe_b64decode(f"{cursor}==").decode().split("/", 2)
        return Key(UUID(saga_id), step, cast(Direction, direction))
    except ValueError:
        raise ValueError("take a page's `next_cursor` as it is, or leave the cursor out") from None


def _known(cursor: str) -> str:
    decode(cursor)
    return cursor


Cursor = Annotated[str | None, AfterValidator(_known), Query()]


@router.get("")
async def browse(
    _: Viewer,
    tx: OpenTransaction,
    saga_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> Page[AnswerView]:
    """Answers of one saga or of all; of the sagas that began last first."""
    after = decode(cursor) if cursor else None
    found = await inbox.browse(tx.sql, saga_id, after, limit=limit + 1)  # one too many tells of a next page
    page = found[:limit]
    return Page(
        items=[_view(answer) for answer in page],
        next_cursor=encode(page[-1].key) if len(found) > limit else None,
    )


def _view(answer: inbox.Answer) -> AnswerView:
    return AnswerView(
        **answer.key._asdict(),
        type=answer.reply_type,
        body=redacted(json.loads(answer.reply)),
        answered_at=answer.answered_at,
    )
