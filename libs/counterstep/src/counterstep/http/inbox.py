"""The replies of a service to commands, for an operator to see."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, TypeAdapter

from counterstep.http.auth import Viewer
from counterstep.http.paging.pages import Page
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.text import is_printable
from counterstep.http.views.boxes import AnswerView
from counterstep.messaging.inbox import table as inbox
from counterstep.protocol.answers import Direction
from counterstep.protocol.barrier import EffectKey
from counterstep.telemetry.redaction import redacted

router = APIRouter(prefix="/inbox", tags=["inbox"])

_DIRECTION: TypeAdapter[Direction] = TypeAdapter(Direction)


def encode(key: EffectKey) -> str:
    return urlsafe_b64encode(f"{key.saga_id}/{key.direction}/{key.step}".encode()).rstrip(b"=").decode()


def decode(cursor: str) -> EffectKey:
    """The place in a cursor. ValueError if it is not one of our cursors."""
    try:
        saga_id, direction, step = urlsafe_b64decode(f"{cursor}==").decode().split("/", 2)
        if not is_printable(step):
            raise ValueError(step)  # noqa: TRY301 - it ends as every other mistake does
        return EffectKey(UUID(saga_id), step, _DIRECTION.validate_python(direction))
    except ValueError:  # pydantic's ValidationError is one
        raise ValueError("take a page's `next_cursor` as it is, or leave the cursor out") from None


def _known(cursor: str) -> str:
    decode(cursor)
    return cursor


Cursor = Annotated[str | None, AfterValidator(_known), Query()]


@router.get("")
async def browse(
    _: Viewer,
    tx: OpenPlatformTransaction,
    saga_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> Page[AnswerView]:
    """Replies to commands, of one saga or of all: those of the newest sagas first."""
    after = decode(cursor) if cursor else None
    found = await inbox.browse(tx.query, saga_id, after, limit=limit + 1)  # one more: is there a next page?
    page = found[:limit]
    return Page(
        items=[_view(answer) for answer in page],
        next_cursor=encode(page[-1].key) if len(found) > limit else None,
    )


def _view(answer: inbox.StoredReply) -> AnswerView:
    return AnswerView(
        **answer.key._asdict(),
        type=answer.reply_type,
        body=redacted(json.loads(answer.reply)),
        answered_at=answer.answered_at,
    )
