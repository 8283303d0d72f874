"""One saga: what happened, what is awaited, and what an operator may do about it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from time import time
from typing import Final
from uuid import UUID

from counterstep.client import ApiError, ProblemError, boxes, sagas
from counterstep.client.progress import SENT
from counterstep.client.sagas import OperatorVerb
from counterstep.http.views.boxes import AnswerView
from counterstep.http.views.sagas import SagaDetail
from counterstep.protocol.ids import made_at
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from shop_client import orders

from console.apis import AllApis, Apis
from console.conversation import Payloads, Said, conversation
from console.lanes import Lanes, lanes, service_of
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.picture import Picture, picture
from console.session import Form

router = APIRouter(prefix="/sagas/{saga_id}")

TEMPLATE: Final = "run_or_none.html"
BEGINS_WITHIN: Final = timedelta(days=1)
"""Of its id's making. One that is older and not there is taken to be forgotten, or never to have been."""


@dataclass(frozen=True)
class Shown:
    """A run and all that is drawn of it."""

    run: SagaDetail
    lanes: Lanes
    picture: Picture
    said: tuple[Said, ...]


@router.get("")
async def show(saga_id: UUID, request: Request, apis: AllApis) -> Response:
    """The whole page; 404 where there is no such saga, and none is to be expected."""
    shown = await _shown(apis, saga_id)
    return await page(
        request,
        "saga.html",
        saga_id=saga_id,
        run=shown.run if shown else None,
        found=fragment(TEMPLATE, view=shown),
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(saga_id: UUID, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """What is drawn of it, again whenever it changes."""
    look = live_fragment(TEMPLATE, partial(_shown, apis, saga_id))
    async for event in feeds.events(("saga", saga_id), look):
        yield event


@router.post("/cancel")
async def cancel(saga_id: UUID, form: Form, apis: AllApis) -> Response:
    """As the customer would: the order is called back, until it is being paid."""
    run = await apis.read("orchestrator", sagas.read(saga_id))
    await apis.act(form.person.token, "order", orders.cancel(UUID(run.key), reason=form.reason))
    return RedirectResponse(f"/sagas/{saga_id}", 303)


@router.post("/{act}")
async def act(saga_id: UUID, act: OperatorVerb, form: Form, apis: AllApis) -> Response:
    """Done by the orchestrator, for whoever signed in: it says no to all but operators, and keeps the reason."""
    await apis.act(form.person.token, "orchestrator", sagas.act(saga_id, act, form.reason))
    return RedirectResponse(f"/sagas/{saga_id}", 303)


async def _shown(apis: Apis, saga_id: UUID) -> Shown | None:
    """`None` where it has not begun: orders wait for the orchestrator, if need be for long."""
    try:
        run, messages = await asyncio.gather(
            apis.read("orchestrator", sagas.read(saga_id)), apis.read("orchestrator", sagas.messages(saga_id))
        )
    except ProblemError as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND and _may_begin(saga_id):
            return None
        raise
    asked = sorted({service_of(row.detail) for row in run.history if row.event == SENT})
    answers = await asyncio.gather(*(_answers(apis, service, saga_id) for service in asked))
    payloads = Payloads.of(messages, [each for some in answers for each in some])
    drawn = lanes(run, begun_by=messages[0].type.partition(".")[0] if messages else "order")
    return Shown(run, drawn, picture(drawn), tuple(conversation(run, drawn.services, payloads)))


def _may_begin(saga_id: UUID) -> bool:
    made = made_at(saga_id)
    return made is not None and time() - made < BEGINS_WITHIN.total_seconds()


async def _answers(apis: Apis, service: str, saga_id: UUID) -> list[AnswerView]:
    """What a service answered; nothing where it is away: the rest can be shown without."""
    try:
        return (await apis.read(service, boxes.inbox(saga_id=saga_id))).items
    except ApiError:
        return []
