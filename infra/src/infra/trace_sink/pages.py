"""The page: a search, and the waterfall of one trace at the address that Jaeger's page has for it."""

from pathlib import Path
from typing import Any

from counterstep.http import theme as look
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from infra.trace_sink import formatting, parameters
from infra.trace_sink.parameters import BadParameter
from infra.trace_sink.reading import Reading
from infra.trace_sink.results import Results
from infra.trace_sink.search import LOOKBACKS, Search
from infra.trace_sink.span import values
from infra.trace_sink.waterfall import Waterfall

STATIC = Path(__file__).parent / "static"
router = APIRouter(include_in_schema=False)
templates = look.templates(
    Path(__file__).parent / "templates", formatting=formatting, values=values, lookbacks=LOOKBACKS
)


@router.get("/")
@router.get("/search")
async def search(request: Request, reading: Reading) -> Response:
    """The form and what it finds; a trace's id leads to that trace."""
    if given := request.query_params.get("traceID", "").strip():
        return await _leading_to(request, reading, given)
    form = Search.of(request.query_params)
    if form.trace_id:
        return RedirectResponse(f"/trace/{form.trace_id}", 303)
    try:
        results = Results(await reading.read(reading.store.find, form.query()))
    except BadParameter as error:
        return await _search_page(request, reading, form, 400, problem=str(error))
    return await _search_page(request, reading, form, results=results)


@router.get("/trace/{trace_id}")
async def trace(trace_id: str, request: Request, reading: Reading) -> Response:
    """The waterfall."""
    try:
        spans = await reading.read(reading.store.trace, parameters.trace_id(trace_id))
    except BadParameter as error:
        return await _search_page(request, reading, Search(), 400, problem=str(error))
    if not spans:
        missing = f"no span of trace {trace_id} is here: it has not come yet, or made room for newer ones"
        return await _search_page(request, reading, Search(), 404, problem=missing)
    return await reading.read(
        _page, request, "trace.html", waterfall=Waterfall(spans), console=request.app.state.console
    )


async def _leading_to(request: Request, reading: Reading, given: str) -> Response:
    try:
        return RedirectResponse(f"/trace/{parameters.trace_id(given)}", 303)
    except BadParameter as error:
        return await _search_page(request, reading, Search(), 400, problem=str(error))


async def _search_page(
    request: Request, reading: Reading, form: Search, status: int = 200, **shown: Results | str
) -> Response:
    services = await reading.read(reading.store.services)
    operations = await reading.read(reading.store.operations, form.service)
    names = sorted({name for name, _ in operations})
    return _page(request, "search.html", status, form=form, services=services, operations=names, **shown)


def _page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    return templates.TemplateResponse(request, template, shown, status, look.HEADERS)
