"""The outboxes, which are nearly always empty, and the inboxes, which keep every reply."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final, Literal
from uuid import UUID

from contracts.topology import PARTICIPANTS, SERVICES, ServiceName
from counterstep.client import UnavailableError
from counterstep.client import boxes as requests
from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.messages.rows import Answer, Waiting, indented
from console.messages.scatter_gather import gather_rows
from console.pages import live_fragment, page

router = APIRouter(prefix="/messages")

PAGE_SIZE: Final = 20


@router.get("/outbox")
async def outbox(request: Request, apis: AllApis) -> Response:
    """The messages of every service that the broker has not confirmed."""
    return await page(request, "messages/outbox.html", view=await _outboxes(apis))


@router.get("/outbox/live", response_class=EventSourceResponse)
async def outbox_live(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The same rows, sent again when they have changed."""
    async for event in feeds.events(
        "outboxes", live_fragment("messages/outbox_rows.html", lambda: _outboxes(apis))
    ):
        yield event


@router.get("/inbox")
async def inbox(
    request: Request,
    apis: AllApis,
    service: ServiceName | Literal[""] = "",
    saga_id: UUID | Literal[""] = "",
    cursor: str = "",
) -> Response:
    """The replies that participants have stored, for one saga or for all."""
    services = [service] if service else PARTICIPANTS
    request_ = requests.inbox(saga_id=saga_id or None, limit=PAGE_SIZE, cursor=cursor)
    view = await gather_rows(apis, services, request_, Answer)
    view.rows.sort(key=lambda answer: answer.answered_at, reverse=True)
    return await page(
        request,
        "messages/inbox.html",
        view=view,
        service=service,
        saga_id=saga_id,
        services=PARTICIPANTS,
        indented=indented,
    )


async def _outboxes(apis: Apis) -> list[dict[str, Any]]:
    return list(await asyncio.gather(*(_outbox(apis, name) for name in SERVICES)))


async def _outbox(apis: Apis, name: str) -> dict[str, Any]:
    try:
        figures = await apis.read(name, requests.outbox())
        waiting = await apis.read(name, requests.outbox_messages()) if figures.waiting else []
    except UnavailableError as away:
        return {"service": name, "away": away}
    rows = [Waiting(service=name, **each.model_dump()) for each in waiting]
    return {"service": name, "figures": figures, "rows": rows}
