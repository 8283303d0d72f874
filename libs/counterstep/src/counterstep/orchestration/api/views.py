"""Saga instances as JSON."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import decoded_steps
from counterstep.orchestration.model import Act, Deadline, InstanceRow
from counterstep.protocol.answers import Direction
from counterstep.saga.instance import Instance, Status
from counterstep.saga.transition import HistoryEvent
from counterstep.telemetry import Links, trace_id


class Summary(BaseModel):
    """One instance, in a list. `trace_url` is the page of its trace, if that is recorded.

    `reason` says why the instance was aborted, for people; `code` is the code of the refusal that aborted it, for
    programs.
    """

    saga_id: UUID
    saga: str
    version: int
    key: str
    status: Status
    reason: str | None
    code: str | None
    trace_id: str | None
    trace_url: str | None
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: InstanceRow, links: Links, **more: object) -> Self:
        """The view of this row, with the fields that a subclass adds."""
        trace = {"trace_id": trace_id(row.traceparent), "trace_url": links.page(row.traceparent)}
        return cls.model_validate({**row.model_dump(), **trace, **more})


class HistoryEntryView(BaseModel):
    """One entry of an instance's history."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: HistoryEvent
    message_id: UUID | None
    detail: str | None
    code: str | None

    @classmethod
    def of(cls, recorded: RecordedEntry) -> Self:
        """The view of this entry."""
        attempt = recorded.entry.attempt
        return cls(
            at=recorded.at,
            step=attempt.step,
            direction=attempt.direction,
            attempt=attempt.number,
            event=recorded.entry.event,
            message_id=recorded.message_id,
            detail=recorded.entry.detail,
            code=recorded.entry.code,
        )


class ActView(BaseModel, from_attributes=True):
    """One row of the audit: who did what to which instance, and why."""

    act_id: UUID
    at: datetime
    operator: str
    act: Act
    saga_id: UUID
    reason: str


class PendingCommand(BaseModel):
    """A pending command, and its deadline."""

    step: str
    direction: Direction
    attempt: int
    due_at: datetime | None


def awaited(row: InstanceRow, deadlines: Iterable[Deadline]) -> list[PendingCommand]:
    """The pending commands of an instance. A deadline whose attempt is no longer pending is left out."""
    due = {(each.step, each.direction, each.attempt): each.due_at for each in deadlines}
    pending = Instance(decoded_steps(row.steps)).pending
    return [
        PendingCommand(
            step=attempt.step,
            direction=attempt.direction,
            attempt=attempt.number,
            due_at=due.get((attempt.step, attempt.direction, attempt.number)),
        )
        for attempt in sorted(pending, key=attrgetter("step"))
    ]


class Detail(Summary):
    """One instance with its pending commands, its history, and all acts of operators, oldest first.

    `history` holds at most 500 entries. With `history_cursor`, `GET /sagas/{saga_id}/history` goes on after them;
    it is null where they are all. `ignored` counts the messages that changed nothing, such as late or repeated
    replies. The history holds the first 20 of them.
    """

    awaited: list[PendingCommand]
    history: list[HistoryEntryView]
    history_cursor: str | None = None
    ignored: int = 0
    acts: list[ActView]
