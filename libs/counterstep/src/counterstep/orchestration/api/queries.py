"""Where each instance stands, and its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from counterstep.http.auth import AnyCaller, Viewer
from counterstep.http.paging.pages import Page, Paging, decode, encode
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.problems import Problem
from counterstep.http.roles import Caller
from counterstep.http.text import OneLine
from counterstep.http.trace_links import TraceLinks
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.orchestration import history
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.api.ownership import entries_for_owner, for_owner, may_see
from counterstep.orchestration.api.views import ActView, Detail, HistoryEntryView, Summary, awaited
from counterstep.orchestration.model import Deadline, InstanceRow, OperatorAct
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.saga.instance import Status

router = APIRouter(tags=["sagas"])

MOST_ENTRIES: Final = 500
"""How many history entries come with an instance."""


@dataclass(frozen=True)
class Filters:
    """The filters of a query.

    `key` is the business key, `code` that of the refusal which aborted an instance, and `id` may be given several
    times. The times are those in the ids: the service that starts a saga makes its id just before it begins.
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
        """The filters as SQL; an index serves each of them."""
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
    """The lowest uuid7 that can be made at this time or later (RFC 9562, section 5.7)."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


@router.get("")
async def browse(
    paging: Annotated[Paging, Depends()],
    filters: Annotated[Filters, Depends()],
    _: Viewer,
    tx: OpenPlatformTransaction,
    links: TraceLinks,
) -> Page[Summary]:
    """Instances, newest first."""
    rows, next_cursor = await paging.rows(tx.session, InstanceRow, *filters.conditions)
    return Page(items=[Summary.of(row, links) for row in rows], next_cursor=next_cursor)


@router.get("/{saga_id}")
async def read(
    saga_id: UUID,
    caller: AnyCaller,
    tx: OpenPlatformTransaction,
    links: TraceLinks,
    orchestrator: TheOrchestrator,
) -> Detail:
    """One instance, its history up to 500 entries, and what operators did to it.

    A customer reads their own, and nothing of what operators wrote; another customer's is not found.
    """
    row = await _visible(tx, saga_id, caller, orchestrator)
    due = select(Deadline).where(Deadline.saga_id == saga_id)
    entries, position = await history.page(tx.query, saga_id, limit=MOST_ENTRIES)
    detail = Detail.of(
        row,
        links,
        awaited=awaited(row, (await tx.session.exec(due)).all()),
        history=[HistoryEntryView.of(recorded) for recorded in entries],
        history_cursor=_cursor(position),
        acts=[ActView.model_validate(act) for act in await tx.session.exec(_acts(saga_id))],
    )
    return detail if caller.sees_all else for_owner(detail, row)


@router.get("/{saga_id}/history")
async def read_history(
    saga_id: UUID,
    caller: AnyCaller,
    tx: OpenPlatformTransaction,
    orchestrator: TheOrchestrator,
    paging: Annotated[Paging, Depends()],
) -> Page[HistoryEntryView]:
    """The history of one instance, oldest entry first. A customer reads that of their own, as in the instance."""
    row = await _visible(tx, saga_id, caller, orchestrator)
    after = decode(paging.cursor).int if paging.cursor else history.BEGINNING
    recorded, position = await history.page(tx.query, saga_id, after=after, limit=paging.limit)
    entries = [HistoryEntryView.of(each) for each in recorded]
    if not caller.sees_all:
        entries = entries_for_owner(entries, row, [act.act_id for act in await tx.session.exec(_acts(saga_id))])
    return Page(items=entries, next_cursor=_cursor(position))


async def _visible(
    tx: PlatformTransaction, saga_id: UUID, caller: Caller, orchestrator: Orchestrator
) -> InstanceRow:
    row = await tx.session.get(InstanceRow, saga_id)
    if row is None or not may_see(caller, row, orchestrator.definitions):
        raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
    return row


def _acts(saga_id: UUID) -> SelectOfScalar[OperatorAct]:
    return select(OperatorAct).where(OperatorAct.saga_id == saga_id).order_by(col(OperatorAct.act_id))


def _cursor(position: int | None) -> str | None:
    """The cursor of a page of the history holds the position after which it starts."""
    return None if position is None else encode(UUID(int=position))
