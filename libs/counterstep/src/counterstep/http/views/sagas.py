"""Saga instances and definitions, as the orchestrator shows them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from counterstep.protocol.answers import Direction
from counterstep.saga.instance import Status
from counterstep.saga.transition import HistoryEvent


class SagaSummary(BaseModel, frozen=True):
    """One instance in a list. `key` is its business key, and `trace_url` the page of its trace, if there is one.

    `reason` tells people why the instance was aborted. `code` tells programs which refusal aborted it.
    """

    saga_id: UUID
    saga: str
    version: int
    key: str
    status: Status
    reason: str | None
    code: str | None = None
    trace_id: str | None
    trace_url: str | None
    started_at: datetime
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether the instance is completed or compensated, so that nothing more will happen to it."""
        return self.ended_at is not None

    @property
    def took(self) -> timedelta | None:
        """How long the instance took; `None` while it has not ended."""
        return self.ended_at - self.started_at if self.ended_at else None


class SagaHistoryEntry(BaseModel, frozen=True):
    """One thing that happened to an instance. Where a command was sent, `detail` is its routing key."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: HistoryEvent
    message_id: UUID | None = None
    detail: str | None
    code: str | None = None


class PendingCommand(BaseModel, frozen=True):
    """A command whose reply has not come, and when it times out."""

    step: str
    direction: Direction
    attempt: int
    due_at: datetime | None


class OperatorActEntry(BaseModel, frozen=True):
    """What an operator did to an instance, and why."""

    at: datetime
    operator: str
    act: str
    reason: str


class SagaDetail(SagaSummary, frozen=True):
    """One instance with its pending commands, its history, and all acts of operators, oldest first.

    `history_cursor` starts the next page of a long history. `ignored` counts the messages that changed nothing, of
    which only the first ones are in the history.
    """

    awaited: tuple[PendingCommand, ...] = ()
    history: tuple[SagaHistoryEntry, ...]
    history_cursor: str | None = None
    ignored: int = 0
    acts: tuple[OperatorActEntry, ...]


class SagaMessage(BaseModel, frozen=True):
    """A message of an instance, by the id that its history entry names."""

    message_id: UUID
    type: str
    body: dict[str, Any]


class StepDescription(BaseModel, frozen=True):
    """A step: its command and compensation by type, and the seconds until a timeout."""

    command: str
    undo: str | None
    within: float
    retry: int
    conditional: bool
    inputs: list[str]


class SagaDescription(BaseModel, frozen=True):
    """The shape of a saga: its steps by name, and the stages in which they run, each stage's steps in parallel."""

    name: str
    version: int
    starts_on: str
    cancelled_by: str | None
    stages: list[list[str]]
    pivot: str
    retriable: list[str]
    steps: dict[str, StepDescription]
    undo: str
    undo_within: float

    @property
    def in_order(self) -> dict[str, StepDescription]:
        """The steps from the first to the last."""
        return {name: self.steps[name] for stage in self.stages for name in stage}


class SagaDefinition(BaseModel, frozen=True):
    """One version of a saga: its instances that have not ended, its shape, and its diagrams in Mermaid."""

    saga: str
    version: int
    runs_left: int
    description: SagaDescription
    state_diagram: str
    sequence_diagram: str
