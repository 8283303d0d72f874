"""The list of saga instances, newest first, with filters. The first page is live."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console import runs
from console.apis import AllApis
from console.live import LiveFeeds
from console.pages import live_fragment, page
from console.runs import Wanted

router = APIRouter(prefix="/sagas")

WantedRuns = Annotated[Wanted, Depends()]


@router.get("")
async def browse(request: Request, apis: AllApis, wanted: WantedRuns, cursor: str = "") -> Response:
    """One page of the list. Without a cursor it is the first, which refreshes itself."""
    found = await live_fragment("runs.html", partial(runs.find, apis, wanted, cursor))()
    return await page(
        request,
        "sagas.html",
        found=found,
        wanted=wanted,
        statuses=runs.STATUSES,
        ages=runs.AGES,
        codes=runs.CODES,
        live="" if cursor else wanted.address("/sagas/live"),
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds, wanted: WantedRuns) -> AsyncIterator[ServerSentEvent]:
    """The first page's rows, sent again whenever they have changed."""
    look = live_fragment("runs.html", partial(runs.find, apis, wanted))
    async for event in feeds.events(("sagas", wanted), look):
        yield event
