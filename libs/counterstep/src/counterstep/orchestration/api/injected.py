"""What a route of the orchestrator's API is given: the registry of sagas and the contracts of its process."""

from typing import Annotated

from fastapi import Depends, Request

from counterstep.orchestration.orchestrator import Orchestrator


async def orchestrator(request: Request) -> Orchestrator:
    """The orchestrator that this process runs."""
    running: Orchestrator = request.app.state.consumer
    return running


TheOrchestrator = Annotated[Orchestrator, Depends(orchestrator)]
