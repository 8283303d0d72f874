"""What the service says and hears over the broker, as `/docs` says what it answers over HTTP."""

from importlib.metadata import metadata
from typing import Any

from fastapi import APIRouter
from messaging.asyncapi import document


def router(service: str) -> APIRouter:
    """`GET /asyncapi`: the service's AsyncAPI 3 document."""
    router = APIRouter(tags=["asyncapi"])
    about = metadata(service)
    said = document(service, version=about["Version"], summary=about["Summary"])

    @router.get("/asyncapi")
    async def asyncapi() -> dict[str, Any]:
        """Every message that this service sends or receives, with its schema and address."""
        return said

    return router
