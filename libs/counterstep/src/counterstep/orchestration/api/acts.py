"""What operators may do to instances, each with a reason, and the audit of all that they did."""

from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from counterstep.http.auth import Operator, Viewer
from counterstep.http.paging.pages import Page, Paging
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.http.trace_links import TraceLinks
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.orchestration.api.acting import act_on
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.api.views import ActView, Summary
from counterstep.orchestration.model import Act, InstanceRow, OperatorAct
from counterstep.orchestration.rate_limit import acquire
from counterstep.orchestration.stuck import StuckInstances
from counterstep.saga.instance import Status
from counterstep.telemetry import Links

router = APIRouter(tags=["operators"])

_BATCH_EVERY: Final = timedelta(seconds=1)

Unfinished: TypeAlias = Literal[Status.NEEDS_ATTENTION, Status.RUNNING, Status.COMPENSATING]


class Justified(BaseModel, extra="forbid"):
    """The reason of an operator; the audit keeps it."""

    reason: Annotated[OneLine, Field(examples=["the airline is back"])]


class BatchRetry(Justified):
    """Which instances to retry: the oldest with this status, of one saga or of all."""

    status: Unfinished = Status.NEEDS_ATTENTION
    saga: OneLine | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class Retried(BaseModel):
    """How many instances were retried, and how many with this status were not retried in the last minute."""

    retried: int
    left: int


@router.get("/acts")
async def audit(paging: Annotated[Paging, Depends()], _: Viewer, tx: OpenPlatformTransaction) -> Page[ActView]:
    """What operators did, newest first."""
    acts, next_cursor = await paging.rows(tx.session, OperatorAct)
    return Page(items=[ActView.model_validate(act) for act in acts], next_cursor=next_cursor)


@router.post("/retry", status_code=202)
async def retry_many(
    batch: BatchRetry, operator: Operator, tx: OpenPlatformTransaction, orchestrator: TheOrchestrator
) -> Retried:
    """Resend the pending commands of these instances now; at most one batch a second, over all replicas."""
    if not await acquire(tx.sql, "retry_many", every=_BATCH_EVERY):
        raise Problem(429, "one batch was retried a moment ago; wait a second", headers={"Retry-After": "1"})
    stuck = StuckInstances(batch.status, batch.saga, orchestrator.definitions.sagas)
    saga_ids = await stuck.take(tx.sql, limit=batch.limit)
    await act_on(tx, orchestrator.definitions, saga_ids, Act.RETRY, operator.subject, batch.reason)
    return Retried(retried=len(saga_ids), left=await stuck.left(tx.sql))


@router.post("/{saga_id}/retry", status_code=202)
async def retry(  # noqa: PLR0913, PLR0917 - FastAPI injects by parameter
    saga_id: UUID,
    body: Justified,
    operator: Operator,
    tx: OpenPlatformTransaction,
    orchestrator: TheOrchestrator,
    links: TraceLinks,
) -> Summary:
    """Resend the pending commands of the instance now, without waiting for their timeouts."""
    await act_on(tx, orchestrator.definitions, [saga_id], Act.RETRY, operator.subject, body.reason)
    return await _summary(tx, saga_id, links)


@router.post("/{saga_id}/compensate", status_code=202)
async def compensate(  # noqa: PLR0913, PLR0917 - as above
    saga_id: UUID,
    body: Justified,
    operator: Operator,
    tx: OpenPlatformTransaction,
    orchestrator: TheOrchestrator,
    links: TraceLinks,
) -> Summary:
    """Compensate the instance. Only possible until its pivot is sent."""
    await act_on(tx, orchestrator.definitions, [saga_id], Act.COMPENSATE, operator.subject, body.reason)
    return await _summary(tx, saga_id, links)


async def _summary(tx: PlatformTransaction, saga_id: UUID, links: Links) -> Summary:
    return Summary.of(await tx.session.get_one(InstanceRow, saga_id), links)
