"""A route's parameter that makes links to the pages of traces."""

from typing import Annotated

from fastapi import Depends, Request

from counterstep.telemetry import Links


async def links(request: Request) -> Links:
    found: Links = request.app.state.links
    return found


TraceLinks = Annotated[Links, Depends(links)]
