"""Every error is an RFC 9457 problem: what is wrong, and what to do about it."""

from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from counterstep.http.views.problem import MEDIA_TYPE, FieldError, ProblemDetails
from counterstep.http.wording import in_words
from counterstep.messaging.database.errors import PoolExhaustedError, is_outage

log = structlog.get_logger()


class Problem(HTTPException):
    """The error that a route raises to answer with an RFC 9457 problem.

    `status` is the HTTP status. `detail` says what is wrong, and what the caller can do about it. `errors` says of
    each field that is wrong, such as `body.nights`, what it should be instead. `headers` are sent with the answer.

    Units: none.

    Raises: it is the error itself; raised outside of a request it is an exception like any other.

    ```python
    @router.get("/cities/{city}")
    async def read_city(city: str) -> str:
        raise Problem(404, f"there is no city {city}; GET /cities lists them all")
    ```
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = [FieldError(field=field, detail=wrong) for field, wrong in (errors or {}).items()] or None


ADVICE = {
    404: "there is nothing at this address; /docs lists what there is",
    405: "this address does not take this method; /docs lists those it takes",
}

DATABASE_UNAVAILABLE = "the database does not answer"
COMPONENTS = "#/components/schemas/{model}"
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": COMPONENTS.format(model=ProblemDetails.__name__)}}},
    }
}


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem, and describe that in its OpenAPI document."""
    _describe(app)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            error.headers = {"Allow": _methods_here(request)}
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return answer(_rejected(error))

    @app.exception_handler(Exception)
    async def bug(_: Request, __: Exception) -> JSONResponse:
        return answer(Problem(500, "this is our fault; it is in the service's log"))

    @app.exception_handler(OSError)
    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(asyncpg.PostgresError)
    @app.exception_handler(asyncpg.InterfaceError)
    async def outage(_: Request, error: Exception) -> JSONResponse:
        if not is_outage(error):
            raise error
        detail = (
            "more is asked at once than can be answered"
            if isinstance(error, PoolExhaustedError)
            else DATABASE_UNAVAILABLE
        )
        log.warning(detail, reason=str(error))
        return answer(Problem(503, f"{detail}; try again", headers={"Retry-After": "1"}))


def _describe(app: FastAPI) -> None:
    """Put the schema where `RESPONSES` points. FastAPI itself would describe the model as `application/json`."""
    openapi_of_routes = app.openapi
    _, schemas = models_json_schema([(ProblemDetails, "serialization")], ref_template=COMPONENTS)

    def openapi() -> dict[str, Any]:
        document = openapi_of_routes()
        document["components"]["schemas"] |= schemas["$defs"]
        return document

    app.openapi = openapi  # type: ignore[method-assign] # as FastAPI's documentation does it


def _methods_here(request: Request) -> str:
    """Every method of this address. The router knows only those of the first route that matches."""
    routes = request.app.routes
    return ", ".join(
        method
        for method in sorted(HTTPMethod)
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )


def _rejected(error: RequestValidationError) -> Problem:
    """A header or a body that cannot be parsed is 400. A body that asks for something impossible is 422."""
    found = error.errors()
    is_malformed = any(e["type"] == "json_invalid" or e["loc"][0] == "header" for e in found)
    problem = Problem(
        400 if is_malformed else 422, "the request cannot be taken as it is; `errors` says what to change"
    )
    problem.errors = [_field_error(e) for e in found]  # there may be several of one field
    return problem


def _field_error(error: Mapping[str, Any]) -> FieldError:
    if error["type"] == "json_invalid":
        return FieldError(field="body", detail=f"not JSON: {error['ctx']['error']} at character {error['loc'][1]}")
    return FieldError(field=".".join(map(str, error["loc"])), detail=in_words(error))


def answer(error: HTTPException) -> JSONResponse:
    """The error as a problem, ready to be sent."""
    title = HTTPStatus(error.status_code).phrase
    has_no_detail = error.detail == title
    problem = ProblemDetails(
        title=title,
        status=error.status_code,
        detail=ADVICE.get(error.status_code, title) if has_no_detail else error.detail,
        errors=getattr(error, "errors", None),
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True), error.status_code, error.headers, media_type=MEDIA_TYPE
    )
