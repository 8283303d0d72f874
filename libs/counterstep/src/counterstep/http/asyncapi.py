"""What a service publishes and consumes over the broker, as `/docs` shows what it answers over HTTP."""

from typing import Any

from fastapi import APIRouter

from counterstep.http.about import about
from counterstep.topology.asyncapi import document
from counterstep.topology.topology import Topology


def described(topology: Topology, service: str) -> dict[str, Any]:
    """The service's AsyncAPI 3 document."""
    package = about(service)
    return document(topology, service, version=package.version, summary=package.summary)


def router(topology: Topology, service: str) -> APIRouter:
    """`GET /asyncapi`: that document."""
    router = APIRouter(tags=["asyncapi"])
    content = described(topology, service)

    @router.get("/asyncapi")
    async def asyncapi() -> dict[str, Any]:
        """Every message that this service sends or receives, with its schema and address."""
        return content

    return router
