"""The definitions that instances are pinned to, and how many instances of each have not ended."""

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import col, func, select

from counterstep.http.auth import AnyCaller
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.model import InstanceRow
from counterstep.saga.definition import Saga
from counterstep.saga.description import describe
from counterstep.saga.diagram import sequence_diagram, state_diagram

router = APIRouter(tags=["definitions"])

LEFT: Final = (
    select(InstanceRow.saga, InstanceRow.version, func.count())
    .where(col(InstanceRow.ended_at).is_(None))
    .group_by(col(InstanceRow.saga), col(InstanceRow.version))
)


class Definition(BaseModel):
    """One version of a saga: its description and diagrams, and how many of its instances have not ended."""

    saga: str
    version: int
    runs_left: int
    description: dict[str, Any]
    state_diagram: str
    sequence_diagram: str


@router.get("/definitions")
async def definitions(
    _: AnyCaller, tx: OpenPlatformTransaction, orchestrator: TheOrchestrator
) -> list[Definition]:
    """Every registered definition. An old version with `runs_left` 0 may be removed."""
    left = {(name, version): count for name, version, count in await tx.session.exec(LEFT)}
    return [_drawn(saga, left.get((saga.name, saga.version), 0)) for saga in orchestrator.definitions.sagas]


def _drawn(saga: Saga[Any], runs_left: int) -> Definition:
    return Definition(
        saga=saga.name,
        version=saga.version,
        runs_left=runs_left,
        description=describe(saga),
        state_diagram=state_diagram(saga),
        sequence_diagram=sequence_diagram(saga),
    )
