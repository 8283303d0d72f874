"""The orchestrator over HTTP: saga runs, what operators do to them, and the definitions they are pinned to."""

from fastapi import APIRouter

from counterstep.orchestration.api import acts, definitions, messages, queries

router = APIRouter()
for part in (
    definitions,
    acts,
    messages,
    queries,
):  # a run's own address takes any word after /sagas/, so it comes last
    router.include_router(part.router, prefix="/sagas")
