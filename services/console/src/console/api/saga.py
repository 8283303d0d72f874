"""One saga instance: its history, its pending commands, and the forms with which an operator acts on it."""

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
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.sagas.drawing import Drawing, draw
from console.sagas.sequence import Payloads, SequenceRow, sequence
from console.sagas.swim_lanes import SwimLanes, service_of, swim_lanes
from console.session import Form

router = APIRouter(prefix="/sagas/{saga_id}")

TEMPLATE: Final = "saga_or_pending.html"
STARTS_WITHIN: Final = timedelta(days=1)
"""A saga may start this long after its id was made. If it is still unknown then, the page answers 404."""


@dataclass(frozen=True)
class SagaView:
    """A saga instance, and everything that the page draws of it."""

    saga: SagaDetail
    swim_lanes: SwimLanes
    drawing: Drawing
    sequence: tuple[SequenceRow, ...]


@router.get("")
async def show(saga_id: UUID, request: Request, apis: AllApis) -> Response:
    """The whole page. 404 if there is no such saga and its id is too old for it to start."""
    view = await _view(apis, saga_id)
    return await page(
        request,
        "saga.html",
        saga_id=saga_id,
        saga=view.saga if view else None,
        found=fragment(TEMPLATE, view=view),
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(saga_id: UUID, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The part that changes, sent again when it has changed."""
    render = live_fragment(TEMPLATE, partial(_view, apis, saga_id))
    async for event in feeds.events(("saga", saga_id), render):
        yield event


@router.post("/cancel")
async def cancel(saga_id: UUID, form: Form, apis: AllApis) -> Response:
    """Cancel the order, as its customer can until the payment is being taken."""
    saga = await apis.read("orchestrator", sagas.read(saga_id))
    await apis.act(form.person.token, "order", orders.cancel(UUID(saga.key), reason=form.reason))
    return RedirectResponse(f"/sagas/{saga_id}", 303)


@router.post("/{act}")
async def act(saga_id: UUID, act: OperatorVerb, form: Form, apis: AllApis) -> Response:
    """Retry or compensate with the token of the signed-in person, who must be an operator."""
    await apis.act(form.person.token, "orchestrator", sagas.act(saga_id, act, form.reason))
    return RedirectResponse(f"/sagas/{saga_id}", 303)


async def _view(apis: Apis, saga_id: UUID) -> SagaView | None:
    """`None` if it has not started. An order waits in the outbox or the queue while the orchestrator is away."""
    try:
        saga, messages = await asyncio.gather(
            apis.read("orchestrator", sagas.read(saga_id)), apis.read("orchestrator", sagas.messages(saga_id))
        )
    except ProblemError as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND and _may_start(saga_id):
            return None
        raise
    participants = sorted({service_of(row.detail) for row in saga.history if row.event == SENT})
    replies = await asyncio.gather(*(_replies(apis, service, saga_id) for service in participants))
    payloads = Payloads.of(messages, [each for some in replies for each in some])
    chart = swim_lanes(saga, started_by=messages[0].type.partition(".")[0] if messages else "order")
    return SagaView(saga, chart, draw(chart), tuple(sequence(saga, chart.services, payloads)))


def _may_start(saga_id: UUID) -> bool:
    made = made_at(saga_id)
    return made is not None and time() - made < STARTS_WITHIN.total_seconds()


async def _replies(apis: Apis, service: str, saga_id: UUID) -> list[AnswerView]:
    """The replies in a service's inbox. None if it does not answer: the page can do without the bodies."""
    try:
        return (await apis.read(service, boxes.inbox(saga_id=saga_id))).items
    except ApiError:
        return []
