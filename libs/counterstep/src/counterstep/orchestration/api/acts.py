"""What operators may do to runs, each with a reason; and the audit of all they did."""

from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from counterstep.http.auth import Operator, Viewer
from counterstep.http.database import OpenTransaction
from counterstep.http.paging import Page, Paging
from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.http.trace_links import TraceLinks
from counterstep.messaging.outbox.transaction import Transaction
from counterstep.orchestration.api.acting import act_on
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.api.views import ActView, Summary
from counterstep.orchestration.model import Act, InstanceRow, OperatorAct
from counterstep.orchestration.rate_limit import may_go_on
from counterstep.orchestration.stuck import StuckInstances
from counterstep.saga.instance import Status
from counterstep.telemetry import Links

router = APIRouter(tags=["operators"])

BATCH_EVERY: Final = timedelta(seconds=1)

Unfinished: TypeAlias = Literal[Status.NEEDS_ATTENTION, Status.RUNNING, Status.COMPENSATING]


class Why(BaseModel, extra="forbid"):
    """Why an operator does this; the audit keeps it."""

    reason: Annotated[OneLine, Field(examples=["the airline is back"])]


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
async def retry_many(
    batch: BatchRetry, operator: Operator, tx: OpenTransaction, orchestrator: TheOrchestrator
) -> Retried:
    """Ask again at once for whatever these runs await; at most one batch a second, over all replicas."""
    if not await may_go_on(tx.sql, "retry_many", every=BATCH_EVERY):
        raise Problem(429, "one batch was retried a moment ago; wait a second", headers={"Retry-After": "1"})
    stuck = StuckInstances(batch.status, batch.saga, orchestrator.definitions.sagas)
    saga_ids = await stuck.take(tx.sql, limit=batch.limit)
    await act_on(tx, orchestrator.definitions, saga_ids, Act.RETRY, operator.subject, batch.reason)
    return Retried(retried=len(saga_ids), left=await stuck.left(tx.sql))


@router.post("/{saga_id}/retry", status_code=202)
async def retry(  # noqa: PLR0913, PLR0917 - FastAPI injects by parameter
    saga_id: UUID,
    why: Why,
    operator: Operator,
    tx: OpenTransaction,
    orchestrator: TheOrchestrator,
    links: TraceLinks,
) -> Summary:
    """Ask again at once for whatever the run awaits, instead of when its time is up."""
    await act_on(tx, orchestrator.definitions, [saga_id], Act.RETRY, operator.subject, why.reason)
    return await _now(tx, saga_id, links)


@router.post("/{saga_id}/compensate", status_code=202)
async def compensate(  # noqa: PLR0913, PLR0917 - as above
    saga_id: UUID,
    why: Why,
    operator: Operator,
    tx: OpenTransaction,
    orchestrator: TheOrchestrator,
    links: TraceLinks,
) -> Summary:
    """Call the run back: what was done is undone. Only until its pivot is asked for."""
    await act_on(tx, orchestrator.definitions, [saga_id], Act.COMPENSATE, operator.subject, why.reason)
    return await _now(tx, saga_id, links)


async def _now(tx: Transaction, saga_id: UUID, links: Links) -> Summary:
    return Summary.of(await tx.session.get_one(InstanceRow, saga_id), links)
