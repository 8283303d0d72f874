"""Dead letters of every service: seen with their cause, sent back, or settled."""

from collections.abc import AsyncIterator
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
from console.messages.asking import Found, ask
from console.messages.rows import indented
from console.pages import live_fragment, page
from console.session import Form

router = APIRouter(prefix="/messages")

EACH: Final = 50


class Wanted:
    """Which letters: of one service or of all, by what became of them."""

    def __init__(
        self, service: ServiceName | Literal[""] = "", status: LetterStatus = "waiting", cursor: str = ""
    ) -> None:
        self.service, self.status, self.cursor = service, status, cursor

    async def found(self, apis: Apis) -> Found[Letter]:
        """The newest message first."""
        services = [self.service] if self.service else SERVICES
        request = dead_letters.browse(self.status, limit=EACH, cursor=self.cursor)
        found = await ask(apis, services, request, Letter)
        found.rows.sort(key=lambda letter: letter.died_at, reverse=True)
        return found


AnyWanted = Annotated[Wanted, Depends()]


@router.get("")
async def letters(request: Request, wanted: AnyWanted, apis: AllApis) -> Response:
    """The list."""
    view = await wanted.found(apis)
    return await page(request, "messages/letters.html", view=view, wanted=wanted, services=SERVICES)


@router.get("/live", response_class=EventSourceResponse)
async def live(wanted: AnyWanted, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The same list, again and again."""
    look = live_fragment("messages/letter_rows.html", lambda: wanted.found(apis))
    async for event in feeds.events(("dead letters", wanted.service, wanted.status, wanted.cursor), look):
        yield event


@router.get("/dead-letters/{service}/{message_id}")
async def letter(request: Request, service: ServiceName, message_id: UUID, apis: AllApis) -> Response:
    """One of them, whole."""
    found = await apis.read(service, dead_letters.read(message_id))
    shown = WholeLetter(service=service, **found.model_dump())
    return await page(request, "messages/letter.html", letter=shown, indented=indented)


@router.post("/dead-letters/{service}/{message_id}/{act}")
async def settle(service: ServiceName, message_id: UUID, act: SettlingVerb, form: Form, apis: AllApis) -> Response:
    """Send it back to the queue where it died, or settle it."""
    await apis.act(form.person.token, service, dead_letters.settle(message_id, act, form.reason))
    return RedirectResponse(f"/messages/dead-letters/{service}/{message_id}", 303)
