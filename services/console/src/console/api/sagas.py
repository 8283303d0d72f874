"""The list of saga instances, newest first, with filters. The first page is live."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis
from console.live import LiveFeeds
from console.pages import live_fragment, page
from console.sagas import search
from console.sagas.search import SagaFilter

router = APIRouter(prefix="/sagas")

AnySagaFilter = Annotated[SagaFilter, Depends()]


@router.get("")
async def browse(request: Request, apis: AllApis, filters: AnySagaFilter, cursor: str = "") -> Response:
    """One page of the list. Without a cursor it is the first, which refreshes itself."""
    rows = await live_fragment("saga_rows.html", partial(search.find, apis, filters, cursor))()
    return await page(
        request,
        "sagas.html",
        rows=rows,
        filters=filters,
        statuses=search.STATUSES,
        ages=search.AGES,
        codes=search.CODES,
        live="" if cursor else filters.address("/sagas/live"),
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds, filters: AnySagaFilter) -> AsyncIterator[ServerSentEvent]:
    """The first page's rows, sent again whenever they have changed."""
    render = live_fragment("saga_rows.html", partial(search.find, apis, filters))
    async for event in feeds.events(("sagas", filters), render):
        yield event
