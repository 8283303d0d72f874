"""The overview: one page, refreshed while it is open."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.live import LiveFeeds
from console.overview.view import Overview
from console.overview.watch import AnyWatch
from console.pages import live_fragment, page

router = APIRouter()


@router.get("/")
async def overview(request: Request, watch: AnyWatch) -> Response:
    """The page, with the current metrics."""
    return await page(
        request, "overview/page.html", view=Overview.of(await watch()), elsewhere=request.app.state.elsewhere
    )


@router.get("/overview/live", response_class=EventSourceResponse)
async def live(watch: AnyWatch, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The part that changes, sent again whenever it has changed."""

    async def view() -> Overview:
        return Overview.of(await watch())

    async for event in feeds.events("overview", live_fragment("overview/now.html", view)):
        yield event
