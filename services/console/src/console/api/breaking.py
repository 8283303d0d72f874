"""Break it: faults are switched on, on purpose, and every page says so while any is on."""

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
from console.live import LiveFeeds
from console.pages import fragment, live_fragment, page
from console.session import Form
from console.switchboard import CONTROLS, MOST_SECONDS, SERVICE, SWITCH, Shown, wanted

router = APIRouter(prefix="/break")

TEMPLATE: Final = "faults.html"

Answer = TypeVar("Answer")


@router.get("")
async def show(request: Request, apis: AllApis) -> Response:
    """The switches, and what is on."""
    return await page(
        request,
        "break.html",
        found=await live_fragment(TEMPLATE, partial(_on, apis))(),
        services=SERVICES,
        controls=CONTROLS,
        most_seconds=MOST_SECONDS,
        service=SERVICE,
        switch=SWITCH,
    )


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """What is on, again whenever it changes."""
    async for event in feeds.events("faults", live_fragment(TEMPLATE, partial(_on, apis))):
        yield event


@router.get("/banner")
async def banner(apis: AllApis) -> HTMLResponse:
    """What every page says while anything is on; nothing where nothing is, or where nobody knows."""
    try:
        on = await _on(apis)
    except ApiError:
        on = []
    return HTMLResponse(fragment("banner.html", view=on))


@router.post("/on")
async def switch_on(form: Form, apis: AllApis) -> Response:
    """Done by a service, for whoever signed in: it says no to all but operators."""
    try:
        asked = wanted(form.fields, form.reason)
    except ValueError:
        raise Problem(422, "a slider and the seconds hold numbers") from None
    await _first_to_answer(lambda service: apis.act(form.person.token, service, asked))
    return RedirectResponse("/break", 303)


@router.post("/off")
async def switch_off(form: Form, apis: AllApis) -> Response:
    """Everything, for every service."""
    await _first_to_answer(lambda service: apis.act(form.person.token, service, faults.switch_off()))
    return RedirectResponse("/break", 303)


async def _on(apis: Apis) -> list[Shown]:
    found = await _first_to_answer(lambda service: apis.read(service, faults.read()))
    return [Shown.model_validate(each.model_dump()) for each in found.on]


async def _first_to_answer(ask: Callable[[str], Awaitable[Answer]]) -> Answer:
    """Every service knows the same, so whichever is there will do. Raises `ApiError` as the last one does."""
    for service in SERVICES[:-1]:
        try:
            return await ask(service)
        except UnavailableError:
            continue
    return await ask(SERVICES[-1])
