"""The tables of an orchestrator: instances, their history, their deadlines, and what operators did."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from counterstep.protocol.answers import Direction


class InstanceRow(SQLModel, table=True):
    """One saga instance, pinned to the version of its definition.

    Ids are uuid7, which sort by the time they were made, so the index of each filter also sorts its pages.
    """

    __tablename__ = "saga_runs"
    __table_args__ = (
        Index("saga_runs_by_status", "status", "saga_id"),
        Index("saga_runs_by_saga", "saga", "saga_id"),
        Index("saga_runs_by_saga_and_status", "saga", "status", "saga_id"),
        Index("saga_runs_by_key", "key", "saga_id"),
        Index("saga_runs_unique", "saga", "unique_key", unique=True),
        Index("saga_runs_by_code", "code", "saga_id", postgresql_where=text("code IS NOT NULL")),
        Index("saga_runs_left", "saga", "version", postgresql_where=text("ended_at IS NULL")),
    )

    saga_id: UUID = Field(primary_key=True)
    saga: str
    version: int
    key: str
    unique_key: str | None = None
    """The same key, where the saga has at most one instance for each."""
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
    """Grows by one with each change."""
    ignored: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many inputs changed nothing. Only the first ones have an entry in the history."""
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


SAGA_HISTORY: Final = Table(
    "saga_history",
    SQLModel.metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("saga_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("step", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("event", String, nullable=False),
    Column("message_id", Uuid),
    Column("detail", String),
    Column("code", String),
    Index("saga_history_by_run", "saga_id", "position"),
)
"""The history entries of every instance, in the order of `position`; `history` writes and reads them."""


class Deadline(SQLModel, table=True):
    """Until when a pending attempt may be answered; deleted with the reply."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("deadlines_by_due_at", "due_at"),)

    saga_id: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    direction: Direction = Field(sa_type=String, primary_key=True)
    attempt: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=DateTime(timezone=True))


class Act(StrEnum):
    """What an operator may do to an instance. The values are stored in the audit."""

    RETRY = "retry"
    COMPENSATE = "compensate"


class OperatorAct(SQLModel, table=True):
    """One row of the audit: who did what to which instance, and why. Never changed, never deleted."""

    __tablename__ = "operator_acts"
    __table_args__ = (Index("operator_acts_by_run", "saga_id", "act_id"),)

    act_id: UUID = Field(default_factory=uuid7, primary_key=True)
    at: datetime | None = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
    operator: str
    act: Act = Field(sa_type=String)
    saga_id: UUID
    reason: str


class RateLimit(SQLModel, table=True):
    """When an action with a rate limit was last done, by any replica."""

    __tablename__ = "rate_limits"

    name: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_type=DateTime(timezone=True))
