"""How a page is made: from a template, with who is looking and where else there is to go."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from counterstep.client import ApiError
from counterstep.http import theme as look
from fastapi import Request, Response

from console import words
from console.live import Look
from console.session import person

NAVIGATION: Final = {
    "/": "Overview",
    "/sagas": "Sagas",
    "/messages": "Messages",
    "/break": "Break it",
    "/contracts": "Contracts",
    "/shop": "Shop",
}

templates = look.templates(Path(__file__).parent / "templates", words=words, navigation=NAVIGATION)


async def page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A whole page."""
    context = {**shown, "who": await person(request), "here": _section(request.url.path)}
    return templates.TemplateResponse(request, template, context, status, look.HEADERS)


def fragment(template: str, **shown: Any) -> str:
    """A part of a page, the same for everybody who looks at it."""
    return templates.get_template(template).render(shown)


def live_fragment(template: str, view: Callable[[], Awaitable[Any]]) -> Look:
    """A look that shows what `view` gives (as `view`), or who does not answer."""

    async def seen() -> str:
        try:
            return fragment(template, view=await view())
        except ApiError as error:
            return fragment("away.html", error=error)

    return seen


def _section(path: str) -> str:
    """The place in the navigation that a path belongs to."""
    return next((each for each in NAVIGATION if each != "/" and path.startswith(each)), "/")
