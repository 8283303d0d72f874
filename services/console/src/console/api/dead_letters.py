"""The dead letters of every service: the list, each with its cause, and the forms to replay or discard one."""

from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Annotated, Final, Literal
from uuid import UUID

from contracts.topology import SERVICES, ServiceName
from counterstep.client import dead_letters
from counterstep.client.dead_letters import SettlingVerb
from counterstep.http.views.letters import Letter, WholeLetter
from counterstep.messaging.consumer.letter_status import LetterStatus
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.messages.rows import indented
from console.messages.scatter_gather import GatheredRows, gather_newest
from console.pages import live_fragment, page
from console.session import Form

router = APIRouter(prefix="/messages")

PAGE_SIZE: Final = 50


class LetterFilter:
    """Selects dead letters: of one service or of all, with one status."""

    def __init__(
        self, service: ServiceName | Literal[""] = "", status: LetterStatus = "waiting", cursor: str = ""
    ) -> None:
        self.service, self.status, self.cursor = service, status, cursor

    async def letters(self, apis: Apis) -> GatheredRows[Letter]:
        """The letters from every selected service, newest first."""
        request = dead_letters.browse(self.status, limit=PAGE_SIZE, cursor=self.cursor)
        return await gather_newest(apis, self.service, request, Letter, attrgetter("died_at"))


AnyLetterFilter = Annotated[LetterFilter, Depends()]


@router.get("")
async def letters(request: Request, filters: AnyLetterFilter, apis: AllApis) -> Response:
    """The list."""
    view = await filters.letters(apis)
    return await page(request, "messages/letters.html", view=view, filters=filters, services=SERVICES)


@router.get("/live", response_class=EventSourceResponse)
async def live(filters: AnyLetterFilter, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The list's rows, sent again when they have changed."""
    render = live_fragment("messages/letter_rows.html", lambda: filters.letters(apis))
    async for event in feeds.events(("dead letters", filters.service, filters.status, filters.cursor), render):
        yield event


@router.get("/dead-letters/{service}/{message_id}")
async def letter(request: Request, service: ServiceName, message_id: UUID, apis: AllApis) -> Response:
    """One dead letter, with its body and headers."""
    found = await apis.read(service, dead_letters.read(message_id))
    shown = WholeLetter(service=service, **found.model_dump())
    return await page(request, "messages/letter.html", letter=shown, indented=indented)


@router.post("/dead-letters/{service}/{message_id}/{act}")
async def settle(service: ServiceName, message_id: UUID, act: SettlingVerb, form: Form, apis: AllApis) -> Response:
    """Replay it into the queue where it died, or discard it."""
    await apis.act(form.person.token, service, dead_letters.settle(message_id, act, form.reason))
    return RedirectResponse(f"/messages/dead-letters/{service}/{message_id}", 303)
