"""The processes: what each uses, and the forms with which an operator starts, stops and restarts them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from counterstep.client import ProblemError, parts
from counterstep.client.parts import CONTROL
from counterstep.http.views.parts import PartAct, PartView
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.apis import AllApis, Apis
from console.live import LiveFeeds
from console.pages import live_fragment, page
from console.session import Form

router = APIRouter(prefix="/processes")

ROWS: Final = "processes/rows.html"
PART: Final = "processes/state.html"

PartName = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,60}$")]


@dataclass(frozen=True)
class Processes:
    """All parts, and what they use together."""

    parts: list[PartView]

    @property
    def cpu(self) -> float | None:
        """None until it is known of one of them."""
        known = [each.cpu for each in self.parts if each.cpu is not None]
        return sum(known) if known else None

    @property
    def memory_bytes(self) -> int:
        return sum(each.memory_bytes or 0 for each in self.parts)


@router.get("")
async def browse(request: Request, apis: AllApis) -> Response:
    """Every part; where there is no control room, what to type instead."""
    rows = await live_fragment(ROWS, partial(_all, apis))() if apis.has_control else None
    return await page(request, "processes/page.html", rows=rows)


@router.get("/live", response_class=EventSourceResponse)
async def follow(apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The rows, sent again when they have changed."""
    async for event in feeds.events("processes", live_fragment(ROWS, partial(_all, apis))):
        yield event


@router.get("/{part}")
async def show(part: PartName, request: Request, apis: AllApis) -> Response:
    """One part, with what stopping it does. 404 if there is no such part."""
    found = await _one(apis, part)
    return await page(request, "processes/part.html", part=found, view=found)


@router.get("/{part}/live", response_class=EventSourceResponse)
async def follow_one(part: PartName, apis: AllApis, feeds: LiveFeeds) -> AsyncIterator[ServerSentEvent]:
    """The part's state, sent again when it has changed."""
    async for event in feeds.events(("process", part), live_fragment(PART, partial(_one, apis, part))):
        yield event


@router.post("/{part}/{act}")
async def act(part: PartName, act: PartAct, form: Form, apis: AllApis) -> Response:
    """Start, stop or restart it with the token of the signed-in person, who must be an operator."""
    await apis.control(parts.act(part, act, form.reason), form.person.token)
    return RedirectResponse(f"/processes/{part}", 303)


async def _all(apis: Apis) -> Processes:
    return Processes(await apis.control(parts.browse()))


async def _one(apis: Apis, name: str) -> PartView:
    found = await apis.control(parts.browse())
    if part := next((each for each in found if each.name == name), None):
        return part
    known = ", ".join(each.name for each in found)
    raise ProblemError(CONTROL, 404, f"there is no part {name}; the parts are {known}")
