"""The theme of our HTML pages: head, stylesheet, icon, and the headers that restrict browsers."""

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
    "Referrer-Policy": "same-origin",
}
"""Headers of every page, instead of those of other answers: nothing from another server, nothing inline, no frame.

The referrer is sent to our own pages, because without it browsers do not say from where a form was sent.
"""


def mount(app: FastAPI) -> None:
    """Serve the stylesheet and the icon under `/look`."""
    app.mount("/look", StaticFiles(directory=HERE / "static"))


def templates(folder: Path, **known: Any) -> Jinja2Templates:
    """The Jinja templates of a folder, with these global names. They escape values and may extend `page.html`."""
    made = Jinja2Templates([folder, HERE / "templates"])
    made.env.globals.update(known)
    made.env.trim_blocks = made.env.lstrip_blocks = True
    return made
