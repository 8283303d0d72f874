"""What operators may do to runs, each with a reason; and the audit of all they did."""

from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from chassis.auth import Operator, Viewer
from chassis.database import OpenTransaction
from chassis.paging import Page, Paging
from chassis.problems import Problem
from chassis.text import OneLine
from chassis.trace_links import TraceLinks
from fastapi import APIRouter, Depends
from messaging import Transaction
from pydantic import BaseModel, Field
from saga import Status
from telemetry import Links

from orchestrator.api.acting import act_on
from orchestrator.api.views import ActView, Summary
from orchestrator.model import Act, OperatorAct, SagaRun
from orchestrator.rate_limit import may_go_on
from orchestrator.sagas import SAGAS
from orchestrator.stuck import Stuck

router = APIRouter(tags=["operators"])

BATCH_EVERY: Final = timedelta(seconds=1)

Unfinished: TypeAlias = Literal[Status.NEEDS_ATTENTION, Status.RUNNING, Status.COMPENSATING]


class Why(BaseModel, extra="forbid"):
    """Why an operator does this; the audit keeps it."""

    reason: Annotated[OneLine, Field(examples=["the payment provider is back"])]


class BatchRetry(Why):
    """Which runs to retry: those that began first, of one saga or of all."""

    status: Unfinished = Status.NEEDS_ATTENTION
    saga: OneLine | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class Retried(BaseModel):
    """How many were asked again, and how many such runs are left that were not in the last minute."""

    retried: int
    left: int


@router.get("/acts")
async def audit(paging: Annotated[Paging, Depends()], _: Viewer, tx: OpenTransaction) -> Page[ActView]:
    """What operators did, newest first."""
    acts, next_cursor = await paging.rows(tx.session, OperatorAct)
    return Page(items=[ActView.model_validate(act) for act in acts], next_cursor=next_cursor)


@router.post("/retry", status_code=202)
async def retry_many(batch: BatchRetry, operator: Operator, tx: OpenTransaction) -> Retried:
    """Ask again at once for whatever these runs await; at most one batch a second, over all replicas."""
    if not await may_go_on(tx.sql, "retry_many", every=BATCH_EVERY):
        raise Problem(429, "one batch was retried a moment ago; wait a second", headers={"Retry-After": "1"})
    stuck = Stuck(batch.status, batch.saga, SAGAS)
    saga_ids = await stuck.take(tx.sql, limit=batch.limit)
    await act_on(tx, saga_ids, Act.RETRY, operator.subject, batch.reason)
    return Retried(retried=len(saga_ids), left=await stuck.left(tx.sql))


@router.post("/{saga_id}/retry", status_code=202)
async def retry(saga_id: UUID, why: Why, operator: Operator, tx: OpenTransaction, links: TraceLinks) -> Summary:
    """Ask again at once for whatever the run awaits, instead of when its time is up."""
    await act_on(tx, [saga_id], Act.RETRY, operator.subject, why.reason)
    return await _now(tx, saga_id, links)


@router.post("/{saga_id}/compensate", status_code=202)
async def compensate(
    saga_id: UUID, why: Why, operator: Operator, tx: OpenTransaction, links: TraceLinks
) -> Summary:
    """Call the run back: what was done is undone. Only until its pivot is asked for."""
    await act_on(tx, [saga_id], Act.COMPENSATE, operator.subject, why.reason)
    return await _now(tx, saga_id, links)


async def _now(tx: Transaction, saga_id: UUID, links: Links) -> Summary:
    return Summary.of(await tx.session.get_one(SagaRun, saga_id), links)
