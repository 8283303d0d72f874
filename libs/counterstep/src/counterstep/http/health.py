"""Liveness: the process answers. Readiness: its database, broker and consumers are there."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

OK = "ok"

router = APIRouter(prefix="/health", tags=["health"])


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Each part is "ok", or says what is wrong with it."""

    status: Literal["ready", "not ready"]
    parts: dict[str, str]


@router.get("/live")
async def live() -> Live:
    """Answers as long as the process does."""
    return Live()


@router.get("/ready", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """200 where every part is there, 503 where one is not."""
    parts = await request.app.state.vitals.health()
    if all(state == OK for state in parts.values()):
        return Ready(status="ready", parts=parts)
    response.status_code = 503
    return Ready(status="not ready", parts=parts)
