"""`/docs`: a service's API for people, from files of its own, under a policy that lets nothing else run."""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

STATIC: Final = "/static-offline-docs"
"""Where `FastAPIOffline` serves the page's script and styles."""

_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def mount(app: FastAPI) -> None:
    """Serve the page. The application must be made by `FastAPIOffline`, which serves its files."""

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=f"{app.title} - Swagger UI",
            swagger_js_url=f"{root}{STATIC}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{STATIC}/swagger-ui.css",
            swagger_favicon_url=f"{root}{STATIC}/favicon.png",
        )
        page.headers["Content-Security-Policy"] = policy(bytes(page.body))
        return page


def policy(page: bytes) -> str:
    """The policy that lets this page run its own inline scripts, and no others."""
    scripts = " ".join(f"'sha256-{b64encode(sha256(each).digest()).decode()}'" for each in _INLINE.findall(page))
    return (
        f"default-src 'none'; connect-src 'self'; script-src 'self' {scripts};"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data:;"  # Swagger UI draws its arrows so
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
