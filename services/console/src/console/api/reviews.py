"""The orders that wait for a person's decision, the forms to approve or reject each, and the latest decisions."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Final, Literal
from uuid import UUID

from counterstep.client import Page
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from shop_client import Review, reviews

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.pages import live_fragment, page
from console.session import Anybody, Form, Person

router = APIRouter(prefix="/reviews")

PAGE_SIZE: Final = 50
LATEST: Final = 5
"""How many decisions of each kind are shown."""


@router.get("")
async def show(request: Request, apis: AllApis, who: Anybody) -> Response:
    """The page: the orders that wait, and what was decided of others."""
    rows = await live_fragment("review_rows.html", partial(_view, apis), who=who)()
    return await page(request, "reviews.html", rows=rows)


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds, who: Anybody) -> AsyncIterator[ServerSentEvent]:
    """The rows, sent again when they have changed. The forms in them belong to one person: so does the feed."""
    render = live_fragment("review_rows.html", partial(_view, apis), who=who)
    async for event in feeds.events(("reviews", _forms_of(who)), render):
        yield event


@router.post("/{order_id}/{decision}")
async def decide(order_id: UUID, decision: Literal["approve", "reject"], form: Form, apis: AllApis) -> Response:
    """Decide with the token of the signed-in person, who must be an operator."""
    reason = form.fields.get("reason", "").strip()
    request = (
        reviews.approve(order_id, reason=reason)
        if decision == "approve"
        else reviews.reject(order_id, reason=form.reason)
    )
    await apis.act(form.person.token, "order", request)
    return RedirectResponse("/reviews", 303)


async def _view(apis: Apis) -> dict[str, list[Review]]:
    waiting, *decided = await asyncio.gather(
        apis.read("order", reviews.browse(limit=PAGE_SIZE)),
        apis.read("order", reviews.browse(status="approved", limit=LATEST)),
        apis.read("order", reviews.browse(status="rejected", limit=LATEST)),
    )
    return {"waiting": waiting.items, "decided": _newest(decided)}


def _newest(pages: list[Page[Review]]) -> list[Review]:
    found = [review for each in pages for review in each.items]
    return sorted(found, key=lambda review: review.order_id, reverse=True)


def _forms_of(who: Person | None) -> str:
    return who.csrf if who and who.operates else ""
