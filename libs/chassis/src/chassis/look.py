"""The look that all pages of ours share: one stylesheet, one icon, and what browsers are told to refuse."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

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
    app.mount("/look", StaticFiles(directory=Path(__file__).parent / "static"))
