"""Saga runs over HTTP: where each stands, and all that happened to it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.auth import AnyCaller, Operator
from chassis.database import OpenTransaction
from chassis.paging import Page, Paging
from chassis.problems import Problem
from contracts.protocol import Direction
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from saga import Event, Status
from sqlmodel import col, select
from telemetry import trace_id

from orchestrator.model import SagaEvent, SagaRun

router = APIRouter(prefix="/sagas", tags=["sagas"])


class Summary(BaseModel):
    """One run, in a list."""

    saga_id: UUID
    saga: str
    version: int
    key: str
    status: Status
    reason: str | None
    trace_id: str | None
    started_at: datetime
    ended_at: datetime | None


class Happening(BaseModel, from_attributes=True):
    """One row of a run's history."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: Event
    message_id: UUID | None
    detail: str | None


class Detail(Summary):
    """One run, with all that happened to it, oldest first."""

    history: list[Happening]


@router.get("")
async def browse(
    paging: Annotated[Paging, Depends()],
    _: Operator,
    tx: OpenTransaction,
    status: Status | None = None,
    saga: str | None = None,
    key: str | None = None,
) -> Page[Summary]:
    """Runs, newest first; `key` is the business key, the order's id."""
    filters = {"status": status, "saga": saga, "key": key}
    conditions = [col(getattr(SagaRun, name)) == wanted for name, wanted in filters.items() if wanted is not None]
    runs, next_cursor = await paging.rows(tx.session, SagaRun, *conditions)
    return Page(items=[Summary.model_validate(_summary(run)) for run in runs], next_cursor=next_cursor)


@router.get("/{saga_id}")
async def read(saga_id: UUID, _: AnyCaller, tx: OpenTransaction) -> Detail:
    """One run and its history."""
    run = await tx.session.get(SagaRun, saga_id)
    if run is None:
        raise Problem(404, f"there is no saga {saga_id}; an order's `saga_id` names one")
    rows = select(SagaEvent).where(SagaEvent.saga_id == saga_id).order_by(col(SagaEvent.position))
    history = [Happening.model_validate(row) for row in await tx.session.exec(rows)]
    return Detail.model_validate({**_summary(run), "history": history})


def _summary(run: SagaRun) -> dict[str, object]:
    return {**run.model_dump(include=set(Summary.model_fields)), "trace_id": trace_id(run.traceparent)}
