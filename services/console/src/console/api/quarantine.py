"""The messages that the broker would not take: the list, and the forms to retry or discard one."""

from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Annotated, Final, Literal
from uuid import UUID

from contracts.topology import SERVICES, ServiceName
from counterstep.client import quarantine as requests
from counterstep.client.quarantine import QuarantineVerb
from counterstep.http.views.quarantine import QuarantinedMessage, WholeQuarantinedMessage
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.messages.rows import indented
from console.messages.scatter_gather import GatheredRows, gather_newest
from console.pages import live_fragment, page
from console.session import Form

router = APIRouter(prefix="/messages/quarantine")

PAGE_SIZE: Final = 50


class QuarantineFilter:
    """Selects messages in quarantine: of one service or of all, with one status."""

    def __init__(
        self, service: ServiceName | Literal[""] = "", status: QuarantineStatus = "waiting", cursor: str = ""
    ) -> None:
        self.service, self.status, self.cursor = service, status, cursor

    async def messages(self, apis: Apis) -> GatheredRows[QuarantinedMessage]:
        """The messages from every selected service, the latest in quarantine first."""
        request = requests.browse(self.status, limit=PAGE_SIZE, cursor=self.cursor)
        return await gather_newest(apis, self.service, request, QuarantinedMessage, attrgetter("quarantined_at"))


AnyQuarantineFilter = Annotated[QuarantineFilter, Depends()]


@router.get("")
async def quarantine(request: Request, filters: AnyQuarantineFilter, apis: AllApis) -> Response:
    """The list."""
    view = await filters.messages(apis)
    return await page(request, "messages/quarantine.html", view=view, filters=filters, services=SERVICES)


@router.get("/live", response_class=EventSourceResponse)
async def live(filters: AnyQuarantineFilter, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The list's rows, sent again when they have changed."""
    render = live_fragment("messages/quarantine_rows.html", lambda: filters.messages(apis))
    async for event in feeds.events(("quarantine", filters.service, filters.status, filters.cursor), render):
        yield event


@router.get("/{service}/{message_id}")
async def message(request: Request, service: ServiceName, message_id: UUID, apis: AllApis) -> Response:
    """One message, with its body and headers."""
    found = await apis.read(service, requests.read(message_id))
    shown = WholeQuarantinedMessage(service=service, **found.model_dump())
    return await page(request, "messages/quarantined.html", message=shown, indented=indented)


@router.post("/{service}/{message_id}/{act}")
async def settle(
    service: ServiceName, message_id: UUID, act: QuarantineVerb, form: Form, apis: AllApis
) -> Response:
    """Put it back into the outbox, or discard it."""
    await apis.act(form.person.token, service, requests.settle(message_id, act, form.reason))
    return RedirectResponse(f"/messages/quarantine/{service}/{message_id}", 303)
