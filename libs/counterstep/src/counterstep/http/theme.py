"""The look that all pages of ours share: head, stylesheet, icon, and what browsers are told to refuse."""

from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

HERE: Final = Path(__file__).parent

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'; img-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""For every page: nothing of elsewhere, nothing inline, no frame around it."""


def mount(app: FastAPI) -> None:
    """Serve them under /look."""
    app.mount("/look", StaticFiles(directory=HERE / "static"))


def templates(folder: Path, **known: Any) -> Jinja2Templates:
    """The templates of a folder: they know these names, escape whatever they write, and may extend `page.html`."""
    made = Jinja2Templates([folder, HERE / "templates"])
    made.env.globals.update(known)
    made.env.trim_blocks = made.env.lstrip_blocks = True
    return made
