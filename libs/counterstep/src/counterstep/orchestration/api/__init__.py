"""The HTTP API of an orchestrator: instances, what operators do to them, and definitions."""

from fastapi import APIRouter

from counterstep.orchestration.api import acts, definitions, messages, queries

router = APIRouter()
# `queries` comes last: its route `/sagas/{saga_id}` matches any word after /sagas/.
for part in (definitions, acts, messages, queries):
    router.include_router(part.router, prefix="/sagas")
