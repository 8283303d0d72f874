"""Saga instances as JSON: the models that clients read, made from the rows."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final, Self
from uuid import UUID

from pydantic import ConfigDict

from counterstep.http.views.sagas import (
    OperatorActEntry,
    PendingCommand,
    SagaDetail,
    SagaHistoryEntry,
    SagaSummary,
)
from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import decoded_steps
from counterstep.orchestration.model import Act, Deadline, InstanceRow
from counterstep.saga.instance import Instance
from counterstep.telemetry import Links, trace_id

EVERY_FIELD: Final = ConfigDict(json_schema_serialization_defaults_required=True)
"""An answer has every field. A client reads it also where an older orchestrator leaves the newest ones out."""


class Summary(SagaSummary):
    """One instance, in a list. `trace_url` is the page of its trace, if that is recorded.

    `reason` says why the instance was aborted, for people; `code` is the code of the refusal that aborted it, for
    programs.
    """

    model_config = EVERY_FIELD

    @classmethod
    def of(cls, row: InstanceRow, links: Links, **more: object) -> Self:
        """The view of this row, with the fields that a subclass adds."""
        trace = {"trace_id": trace_id(row.traceparent), "trace_url": links.page(row.traceparent)}
        return cls.model_validate({**row.model_dump(), **trace, **more})


class HistoryEntryView(SagaHistoryEntry):
    """One entry of an instance's history."""

    model_config = EVERY_FIELD

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


class ActView(OperatorActEntry, from_attributes=True):
    """One row of the audit: who did what to which instance, and why."""

    act_id: UUID
    act: Act
    saga_id: UUID


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


class Detail(Summary, SagaDetail):
    """One instance with its pending commands, its history, and all acts of operators, oldest first.

    `history` holds at most 500 entries. With `history_cursor`, `GET /sagas/{saga_id}/history` goes on after them;
    it is null where they are all. `ignored` counts the messages that changed nothing, such as late or repeated
    replies. The history holds the first 20 of them.
    """

    history: tuple[HistoryEntryView, ...]
    acts: tuple[ActView, ...]
