"""Saga runs, their history and their deadlines: the rows, as the API reads them and the store writes them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.protocol import Direction
from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class SagaRun(SQLModel, table=True):
    """One run, pinned to its definition's version. `revision` grows by one with each change."""

    __tablename__ = "saga_runs"
    __table_args__ = (
        Index("saga_runs_by_status", "status", "saga_id"),
        Index("saga_runs_by_key", "key"),
    )

    saga_id: UUID = Field(primary_key=True)
    saga: str
    version: int
    key: str
    start: bytes = Field(sa_type=LargeBinary)
    steps: dict[str, Any] = Field(sa_type=JSONB)
    reason: str | None = None
    status: str
    traceparent: str | None = None
    revision: int
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class SagaEvent(SQLModel, table=True):
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


class Deadline(SQLModel, table=True):
    """When to take silence for an answer. A row may outlive its answer; it is ignored when it comes due."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("deadlines_by_due_at", "due_at"),)

    saga_id: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    direction: Direction = Field(sa_type=String, primary_key=True)
    attempt: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
