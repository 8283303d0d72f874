"""Every error as a page that says what is wrong and what to do about it."""

from http import HTTPStatus

from counterstep.client import ProblemError, UnavailableError
from counterstep.http import problems
from counterstep.http.wording import in_words
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from console.pages import page

ADVICE = {404: "there is no such page: choose one in the navigation", 405: problems.ADVICE[405]}


def install(app: FastAPI) -> None:
    """Answer with these pages instead of the JSON problems of the other services."""

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        advice = ADVICE.get(error.status_code, error.detail)
        answer = await _page(request, error.status_code, advice if error.detail == title else error.detail)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return await _page(request, 422, f"{first['loc'][-1]}: {in_words(first)}")

    @app.exception_handler(ProblemError)
    async def refused(request: Request, error: ProblemError) -> Response:
        return await _page(request, error.status, error.detail)

    @app.exception_handler(UnavailableError)
    async def away(request: Request, error: UnavailableError) -> Response:
        return await _page(request, 503, f"{error}. This page works again when the service answers.")

    @app.exception_handler(Exception)
    async def bug(request: Request, _: Exception) -> Response:
        return await _page(request, 500, "this is a bug in the console: its log has the details")


async def _page(request: Request, status: int, detail: str) -> Response:
    return await page(request, "error.html", status, title=HTTPStatus(status).phrase, code=status, detail=detail)
