"""Where each run stands, and all that happened to it."""

from typing import Annotated
from uuid import UUID

from chassis.auth import AnyCaller, Viewer
from chassis.database import OpenTransaction
from chassis.paging import Page, Paging
from chassis.problems import Problem
from chassis.trace_links import TraceLinks
from fastapi import APIRouter, Depends
from saga import Status
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from orchestrator.api.text import OneLine
from orchestrator.api.views import ActView, Detail, Happening, Summary
from orchestrator.model import OperatorAct, SagaEvent, SagaRun

router = APIRouter(tags=["sagas"])


def filters(
    status: Status | None = None, saga: OneLine | None = None, key: OneLine | None = None
) -> list[ColumnElement[bool]]:
    """The conditions that a request's filters stand for; `key` is the business key, the order's id."""
    wanted = {SagaRun.status: status, SagaRun.saga: saga, SagaRun.key: key}
    return [col(column) == value for column, value in wanted.items() if value is not None]


@router.get("")
async def browse(
    paging: Annotated[Paging, Depends()],
    conditions: Annotated[list[ColumnElement[bool]], Depends(filters)],
    _: Viewer,
    tx: OpenTransaction,
    links: TraceLinks,
) -> Page[Summary]:
    """Runs, newest first."""
    runs, next_cursor = await paging.rows(tx.session, SagaRun, *conditions)
    return Page(items=[Summary.of(run, links) for run in runs], next_cursor=next_cursor)


@router.get("/{saga_id}")
async def read(saga_id: UUID, _: AnyCaller, tx: OpenTransaction, links: TraceLinks) -> Detail:
    """One run, its history, and what operators did to it."""
    run = await tx.session.get(SagaRun, saga_id)
    if run is None:
        raise Problem(404, f"there is no saga {saga_id}; an order's `saga_id` names one")
    rows = select(SagaEvent).where(SagaEvent.saga_id == saga_id).order_by(col(SagaEvent.position))
    acts = select(OperatorAct).where(OperatorAct.saga_id == saga_id).order_by(col(OperatorAct.act_id))
    return Detail.of(
        run,
        links,
        history=[Happening.model_validate(row) for row in await tx.session.exec(rows)],
        acts=[ActView.model_validate(act) for act in await tx.session.exec(acts)],
    )
