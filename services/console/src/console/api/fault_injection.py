"""Fault injection: an operator switches faults on, and a banner on every page names the active ones."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from contracts.topology import SERVICES
from counterstep.client import ApiError, UnavailableError, faults
from counterstep.http.problems import Problem
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.fault_controls import CONTROLS, MAX_SECONDS, SERVICE, SWITCH, ActiveFault, switch_on_request
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.session import Form

router = APIRouter(prefix="/break")

TEMPLATE: Final = "active_faults.html"

Answer = TypeVar("Answer")


@router.get("")
async def show(request: Request, apis: AllApis) -> Response:
    """The page: the controls, and the active faults."""
    return await page(
        request,
        "fault_injection.html",
        active=await live_fragment(TEMPLATE, partial(_active, apis))(),
        services=SERVICES,
        controls=CONTROLS,
        max_seconds=MAX_SECONDS,
        service=SERVICE,
        switch=SWITCH,
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The list of active faults, sent again when it has changed."""
    async for event in feeds.events("faults", live_fragment(TEMPLATE, partial(_active, apis))):
        yield event


@router.get("/banner")
async def banner(apis: AllApis) -> HTMLResponse:
    """The banner of every page: the active faults, or nothing if there are none or no service answers."""
    try:
        on = await _active(apis)
    except ApiError:
        on = []
    return HTMLResponse(fragment("banner.html", view=on))


@router.post("/on")
async def switch_on(form: Form, apis: AllApis) -> Response:
    """Switch faults on with the token of the signed-in person, who must be an operator."""
    try:
        request = switch_on_request(form.fields, form.reason)
    except ValueError:
        raise Problem(422, "the sliders and the seconds must be numbers") from None
    await _first_to_answer(lambda service: apis.act(form.person.token, service, request))
    return RedirectResponse("/break", 303)


@router.post("/off")
async def switch_off(form: Form, apis: AllApis) -> Response:
    """Switch every fault of every service off."""
    await _first_to_answer(lambda service: apis.act(form.person.token, service, faults.switch_off()))
    return RedirectResponse("/break", 303)


async def _active(apis: Apis) -> list[ActiveFault]:
    active = await _first_to_answer(lambda service: apis.read(service, faults.read()))
    return [ActiveFault.model_validate(each.model_dump()) for each in active.on]


async def _first_to_answer(ask: Callable[[str], Awaitable[Answer]]) -> Answer:
    """Ask the services in turn: each knows every fault. Raises the `ApiError` of the last one."""
    for service in SERVICES[:-1]:
        try:
            return await ask(service)
        except UnavailableError:
            continue
    return await ask(SERVICES[-1])
