"""A saga run, as its readers see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from counterstep.orchestration.model import Act, Deadline, InstanceRow
from counterstep.protocol.answers import Direction
from counterstep.saga.instance import Phase, Status, StepState
from counterstep.saga.transition import HistoryEvent
from counterstep.telemetry import Links, trace_id


class Summary(BaseModel):
    """One run, in a list; `trace_url` is a page for people, where the run's trace is recorded.

    `reason` says to people why the run was aborted; `code` is that of the refusal which aborted it, for programs.
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
    def of(cls, run: InstanceRow, links: Links, **more: object) -> Self:
        """The run's own figures, and whatever else this view shows."""
        trace = {"trace_id": trace_id(run.traceparent), "trace_url": links.page(run.traceparent)}
        return cls.model_validate({**run.model_dump(), **trace, **more})


class HistoryEntryView(BaseModel, from_attributes=True):
    """One row of a run's history."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: HistoryEvent
    message_id: UUID | None
    detail: str | None
    code: str | None


class ActView(BaseModel, from_attributes=True):
    """One row of the audit: who did what, to which run, and why."""

    act_id: UUID
    at: datetime
    operator: str
    act: Act
    saga_id: UUID
    reason: str


class Awaited(BaseModel):
    """What the run waits for, and when silence will be taken for an answer."""

    step: str
    direction: Direction
    attempt: int
    due_at: datetime | None


def awaited(run: InstanceRow, deadlines: Iterable[Deadline]) -> list[Awaited]:
    """The answers that are still to come; a deadline that has outlived its answer is none."""
    due = {(each.step, each.direction, each.attempt): each.due_at for each in deadlines}
    states = {step: StepState(Phase(phase), attempt) for step, (phase, attempt) in run.steps.items()}
    return [
        Awaited(
            step=step,
            direction=state.awaited,
            attempt=state.attempt,
            due_at=due.get((step, state.awaited, state.attempt)),
        )
        for step, state in states.items()
        if state.awaited
    ]


class Detail(Summary):
    """One run: what it waits for, all that happened to it and all that operators did to it, oldest first."""

    awaited: list[Awaited]
    history: list[HistoryEntryView]
    acts: list[ActView]
