"""How routes get at the orchestrator of their process, with its registry of sagas and its contracts."""

from typing import Annotated

from fastapi import Depends, Request

from counterstep.orchestration.orchestrator import Orchestrator


async def orchestrator(request: Request) -> Orchestrator:
    """The orchestrator that this process runs."""
    running: Orchestrator = request.app.state.consumer
    return running


TheOrchestrator = Annotated[Orchestrator, Depends(orchestrator)]
