"""Renders pages from templates, with the signed-in person and the navigation."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from counterstep.client import ApiError
from counterstep.http import theme
from fastapi import Request, Response

from console import formatting
from console.live import Render
from console.session import person

NAVIGATION: Final = {
    "/": "Overview",
    "/sagas": "Sagas",
    "/reviews": "Reviews",
    "/messages": "Messages",
    "/break": "Fault injection",
    "/processes": "Processes",
    "/logs": "Logs",
    "/contracts": "Contracts",
    "/shop": "Shop",
}

templates = theme.templates(Path(__file__).parent / "templates", formatting=formatting, navigation=NAVIGATION)


async def page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A whole page."""
    context = {**shown, "who": await person(request), "here": _section(request.url.path)}
    return templates.TemplateResponse(request, template, context, status, theme.HEADERS)


def fragment(template: str, **shown: Any) -> str:
    """A part of a page, the same for every viewer."""
    return templates.get_template(template).render(shown)


def live_fragment(template: str, view: Callable[[], Awaitable[Any]], **shown: Any) -> Render:
    """Returns a function that renders the result of `view`, or the name of the service that does not answer."""

    async def rendered() -> str:
        try:
            return fragment(template, view=await view(), **shown)
        except ApiError as error:
            return fragment("unavailable.html", error=error)

    return rendered


def _section(path: str) -> str:
    """The place in the navigation that a path belongs to."""
    return next((each for each in NAVIGATION if each != "/" and path.startswith(each)), "/")
