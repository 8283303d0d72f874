"""Saga runs, their history, their deadlines, and what operators did: the rows, as they are read and written."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from counterstep.protocol.answers import Direction


class InstanceRow(SQLModel, table=True):
    """One run, pinned to its definition's version. `revision` grows by one with each change.

    Ids are uuid7: their order is that of beginning, so each filter's index also gives the order of its page.
    """

    __tablename__ = "saga_runs"
    __table_args__ = (
        Index("saga_runs_by_status", "status", "saga_id"),
        Index("saga_runs_by_saga", "saga", "saga_id"),
        Index("saga_runs_by_saga_and_status", "saga", "status", "saga_id"),
        Index("saga_runs_by_key", "key", "saga_id"),
        Index("saga_runs_by_code", "code", "saga_id", postgresql_where=text("code IS NOT NULL")),
        Index("saga_runs_left", "saga", "version", postgresql_where=text("ended_at IS NULL")),
    )

    saga_id: UUID = Field(primary_key=True)
    saga: str
    version: int
    key: str
    start_type: str
    start: bytes = Field(sa_type=LargeBinary)
    steps: dict[str, Any] = Field(sa_type=JSONB)
    replies: dict[str, Any] = Field(sa_type=JSONB)
    cause: str | None = None
    reason: str | None = None
    code: str | None = None
    status: str
    traceparent: str | None = None
    revision: int
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class HistoryEntryRow(SQLModel, table=True):
    """One row of a run's history, in the order of `position`; never changed."""

    __tablename__ = "saga_history"
    __table_args__ = (Index("saga_history_by_run", "saga_id", "position"),)

    position: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(always=True),)
    )
    saga_id: UUID
    at: datetime = Field(sa_type=DateTime(timezone=True))
    step: str
    direction: Direction = Field(sa_type=String)
    attempt: int
    event: str
    message_id: UUID | None = None
    detail: str | None = None
    code: str | None = None


class Deadline(SQLModel, table=True):
    """When to take silence for an answer; gone with the answer."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("deadlines_by_due_at", "due_at"),)

    saga_id: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    direction: Direction = Field(sa_type=String, primary_key=True)
    attempt: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=DateTime(timezone=True))


class Act(StrEnum):
    """What an operator may do to a run."""

    RETRY = "retry"
    COMPENSATE = "compensate"


class OperatorAct(SQLModel, table=True):
    """One row of the audit: who did what to which run, and why; never changed."""

    __tablename__ = "operator_acts"
    __table_args__ = (Index("operator_acts_by_run", "saga_id", "act_id"),)

    act_id: UUID = Field(default_factory=uuid7, primary_key=True)
    at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    operator: str
    act: Act = Field(sa_type=String)
    saga_id: UUID
    reason: str


class RateLimit(SQLModel, table=True):
    """When something that may happen only so often was last done, by any replica."""

    __tablename__ = "rate_limits"

    name: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_type=DateTime(timezone=True))
