"""Signing in with a token, and out again."""

from typing import Final

from contracts.topology import SERVICES
from counterstep.client import ProblemError, UnavailableError, operations
from counterstep.http.problems import Problem
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.apis import AllApis, Apis
from console.origin import is_from_here
from console.pages import page
from console.session import Form, fields, forget, keep, read

router = APIRouter()

HOME: Final = "/sagas"


@router.get("/session")
async def form(request: Request, then: str = HOME) -> Response:
    """The form for a token; `then` is the page to open after it."""
    return await page(request, "signing_in.html", then=_ours(then))


@router.post("/session")
async def sign_in(request: Request, apis: AllApis) -> Response:
    """Keep the token if the services accept it. A form on another site is refused."""
    if not is_from_here(request):
        raise Problem(403, "sign in from a page of this console")
    given = await fields(request)
    token, then = given.get("token", "").strip(), _ours(given.get("then", HOME))
    try:
        read(token)
        await _check(apis, token)
    except (ProblemError, ValueError) as error:
        return await page(request, "signing_in.html", 401, then=then, problem=str(error))
    answer = RedirectResponse(then, 303)
    keep(request, answer, token)
    return answer


@router.post("/session/end")
async def sign_out(_: Form, request: Request) -> Response:
    answer = RedirectResponse(HOME, 303)
    forget(request, answer)
    return answer


async def _check(apis: Apis, token: str) -> None:
    """Raises `ProblemError` where the token is not valid. Any service can tell, and so can the control room.

    An operator who has stopped all services can so sign in, and start them again.
    """
    for service in SERVICES:
        try:
            await apis.act(token, service, operations.caller())
        except UnavailableError as error:
            away = error
        else:
            return
    if not apis.has_control:
        raise away
    await apis.control(operations.caller(), token)


def _ours(path: str) -> str:
    """The path if it is one of this console, the start page otherwise: a link must not lead to another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else HOME
