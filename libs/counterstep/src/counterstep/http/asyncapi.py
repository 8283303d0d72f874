"""What the service says and hears over the broker, as `/docs` says what it answers over HTTP."""

from importlib.metadata import metadata
from typing import Any

from fastapi import APIRouter

from counterstep.topology.asyncapi import document
from counterstep.topology.topology import Topology


def described(topology: Topology, service: str) -> dict[str, Any]:
    """The service's AsyncAPI 3 document."""
    about = metadata(service)
    return document(topology, service, version=about["Version"], summary=about["Summary"])


def router(topology: Topology, service: str) -> APIRouter:
    """`GET /asyncapi`: that document."""
    router = APIRouter(tags=["asyncapi"])
    said = described(topology, service)

    @router.get("/asyncapi")
    async def asyncapi() -> dict[str, Any]:
        """Every message that this service sends or receives, with its schema and address."""
        return said

    return router
