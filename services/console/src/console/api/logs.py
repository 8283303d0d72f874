"""The logs of all parts, in the order of time, with filters. The page is live."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Final

from counterstep.client import parts
from counterstep.http.roles import LOOKING
from counterstep.http.views.parts import LogEntry
from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.log_filter import LEVELS, LogFilter, ids_about
from console.pages import live_fragment, page
from console.session import Anybody, Person

router = APIRouter(prefix="/logs")

TEMPLATE: Final = "logs/entries.html"

AnyLogFilter = Annotated[LogFilter, Depends()]


@router.get("")
async def browse(request: Request, apis: AllApis, who: Anybody, filters: AnyLogFilter) -> Response:
    """The newest entries that match. They may name customers, so the reader must have signed in."""
    shown = who is not None and who.role in LOOKING and apis.has_control
    names = [each.name for each in await apis.control(parts.browse())] if shown else []
    render = live_fragment(TEMPLATE, partial(_entries, apis, who, filters), traces=request.app.state.traces)
    return await page(
        request,
        "logs/page.html",
        has_control=apis.has_control,
        entries=await render() if shown else None,
        filters=filters,
        parts=names,
        levels=LEVELS,
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(
    request: Request, apis: AllApis, feeds: LiveFeeds, who: Anybody, filters: AnyLogFilter
) -> AsyncIterator[ServerSentEvent]:
    """The same entries, sent again when there are new ones. Only viewers with the same token share a feed."""
    render = live_fragment(TEMPLATE, partial(_entries, apis, who, filters), traces=request.app.state.traces)
    async for event in feeds.events(("logs", who.token if who else "", filters), render):
        yield event


async def _entries(apis: Apis, who: Person | None, filters: LogFilter) -> list[LogEntry]:
    """Newest first. The control room verifies the person's token; nobody's is refused."""
    ids = await ids_about(apis, filters.about)
    wanted = parts.logs(part=filters.part, ids=ids, text=filters.text, level=filters.level)
    return (await apis.control(wanted, who.token if who else "none"))[::-1]
