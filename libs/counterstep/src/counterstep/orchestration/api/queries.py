"""Where each run stands, and all that happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from counterstep.http.auth import AnyCaller, Viewer
from counterstep.http.database import OpenTransaction
from counterstep.http.paging import Page, Paging
from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.http.trace_links import TraceLinks
from counterstep.orchestration.api.views import ActView, Detail, HistoryEntryView, Summary, awaited
from counterstep.orchestration.model import Deadline, HistoryEntryRow, InstanceRow, OperatorAct
from counterstep.saga.instance import Status

router = APIRouter(tags=["sagas"])


@dataclass(frozen=True)
class Filters:
    """What a request looks for; `key` is the business key, and `id` may be given more than once.

    `code` is that of the refusal by which a run was aborted.

    Times are those of the ids: a run's was made when what it is about was placed, a moment before it began.
    """

    status: Status | None = None
    saga: OneLine | None = None
    key: OneLine | None = None
    code: OneLine | None = None
    id: Annotated[tuple[UUID, ...], Query(max_length=100)] = ()
    started_after: AwareDatetime | None = None
    started_before: AwareDatetime | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database, each of them served by an index."""
        saga_id = col(InstanceRow.saga_id)
        wanted = {
            InstanceRow.status: self.status,
            InstanceRow.saga: self.saga,
            InstanceRow.key: self.key,
            InstanceRow.code: self.code,
        }
        found = [col(column) == value for column, value in wanted.items() if value is not None]
        if self.id:
            found.append(saga_id.in_(self.id))
        if self.started_after is not None:
            found.append(saga_id >= first_id_of(self.started_after))
        if self.started_before is not None:
            found.append(saga_id < first_id_of(self.started_before))
        return found


def first_id_of(at: datetime) -> UUID:
    """What no uuid7 of this millisecond or later comes before (RFC 9562, section 5.7)."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


@router.get("")
async def browse(
    paging: Annotated[Paging, Depends()],
    filters: Annotated[Filters, Depends()],
    _: Viewer,
    tx: OpenTransaction,
    links: TraceLinks,
) -> Page[Summary]:
    """Runs, newest first."""
    runs, next_cursor = await paging.rows(tx.session, InstanceRow, *filters.conditions)
    return Page(items=[Summary.of(run, links) for run in runs], next_cursor=next_cursor)


@router.get("/{saga_id}")
async def read(saga_id: UUID, _: AnyCaller, tx: OpenTransaction, links: TraceLinks) -> Detail:
    """One run, its history, and what operators did to it."""
    run = await tx.session.get(InstanceRow, saga_id)
    if run is None:
        raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists those that there are")
    rows = (
        select(HistoryEntryRow).where(HistoryEntryRow.saga_id == saga_id).order_by(col(HistoryEntryRow.position))
    )
    acts = select(OperatorAct).where(OperatorAct.saga_id == saga_id).order_by(col(OperatorAct.act_id))
    due = select(Deadline).where(Deadline.saga_id == saga_id)
    return Detail.of(
        run,
        links,
        awaited=awaited(run, (await tx.session.exec(due)).all()),
        history=[HistoryEntryView.model_validate(row) for row in await tx.session.exec(rows)],
        acts=[ActView.model_validate(act) for act in await tx.session.exec(acts)],
    )
