"""What the control room answers: to viewers the parts and their logs, and to operators also acts."""

from typing import Annotated

import structlog
from counterstep.http.auth import Operator, Viewer
from counterstep.http.problems import Problem
from counterstep.http.views.parts import LogEntry, PartAct, PartView
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, StringConstraints

from infra.control.acts import Acts
from infra.control.log_reading import MOST_ENTRIES, LogReader
from infra.control.overview import Overview
from infra.logs import LEVELS, Level, Wanted
from infra.machine.user_error import UserError

router = APIRouter()
log = structlog.get_logger()


Text = Annotated[str, Query(max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f-]{1,36}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class ActRequest(BaseModel):
    """Why an operator acts; it is logged with their name."""

    reason: Reason


@router.get("/health/ready")
async def ready() -> dict[str, str]:
    """It needs no other part."""
    return {"status": "ready"}


@router.get("/parts")
async def browse(_: Viewer, request: Request) -> list[PartView]:
    """Every part, running or not."""
    overview: Overview = request.app.state.overview
    return await overview.parts()


@router.get("/logs")
async def logs(  # noqa: PLR0913 - one parameter for each filter
    _: Viewer,
    request: Request,
    *,
    part: Text = "",
    id: Annotated[list[Id], Query(max_length=10)] = [],  # noqa: A002, B006 - FastAPI's way, and it is only read
    text: Text = "",
    level: Level = LEVELS[0],
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 200,
) -> list[LogEntry]:
    """The newest entries that match, the oldest first."""
    reader: LogReader = request.app.state.logs
    wanted = Wanted(tuple(each.lower() for each in id), text, level)
    return await reader.newest(_known(request, part) if part else "", wanted, limit)


@router.post("/parts/{part}/{act}", status_code=202)
async def act(part: str, act: PartAct, told: ActRequest, operator: Operator, request: Request) -> PartView:
    """Begin to start, stop or restart a part. 409 where that is refused, or another command is at work."""
    acts: Acts = request.app.state.acts
    overview: Overview = request.app.state.overview
    name = _known(request, part)
    if act not in next(each for each in await overview.parts() if each.name == name).acts:
        raise Problem(409, f"{name} cannot be told to {act} now")
    try:
        await acts.begin(name, act)
    except UserError as refusal:
        raise Problem(409, refusal.reason) from None
    log.info("an operator acted on a part", part=name, act=act, operator=operator.subject, reason=told.reason)
    return next(each for each in await overview.parts() if each.name == name)


def _known(request: Request, part: str) -> str:
    """The name of a part, as the launcher knows it: no other text ever becomes a path or a command."""
    reader: LogReader = request.app.state.logs
    if part in (names := reader.part_names):
        return part
    raise Problem(404, f"there is no part {part!r}; the parts are {', '.join(names)}")
