"""A saga instance as a sequence diagram: each message with its sender and receiver, and each event of the saga."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from counterstep.client.progress import REPLIES, SENT
from counterstep.http.views.boxes import AnswerView
from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry, SagaMessage

from console.sagas.swim_lanes import ORCHESTRATOR, service_of

Message: TypeAlias = SagaMessage | AnswerView


@dataclass(frozen=True)
class SequenceRow:
    """One row: a message between two lanes (counted from 0), or a note if both are the orchestrator's lane."""

    row: int
    since: float
    label: str
    event: str
    direction: str
    attempt: int
    source: int
    target: int
    detail: str | None
    message_id: UUID | None
    message: Message | None

    @property
    def is_note(self) -> bool:
        return self.source == self.target

    @property
    def body(self) -> str:
        """The message's body as indented JSON."""
        return json.dumps(self.message.body, indent=2, ensure_ascii=False) if self.message else ""


@dataclass(frozen=True)
class Payloads:
    """Message bodies: of events and commands by their ids, of replies by step and direction."""

    messages: Mapping[UUID, SagaMessage]
    replies: Mapping[tuple[str, str], AnswerView]

    @classmethod
    def of(cls, messages: Iterable[SagaMessage], replies: Iterable[AnswerView]) -> "Payloads":
        """The messages that the orchestrator and the inboxes know."""
        return cls(
            {each.message_id: each for each in messages}, {(each.step, each.direction): each for each in replies}
        )

    def of_row(self, row: SagaHistoryEntry) -> Message | None:
        if row.event in REPLIES and row.message_id:
            return self.replies.get((row.step, row.direction))
        return self.messages.get(row.message_id) if row.message_id else None


def sequence(saga: SagaDetail, services: tuple[str, ...], payloads: Payloads) -> Iterator[SequenceRow]:
    """Each entry of the history as a row between the lanes of `services`."""
    lane_of = {service: number for number, service in enumerate(services)}
    recipients = {_attempt(row): lane_of[service_of(row.detail)] for row in saga.history if row.event == SENT}
    orchestrator = lane_of[ORCHESTRATOR]
    for number, row in enumerate(saga.history):
        participant = recipients.get(_attempt(row), orchestrator)
        source, target = orchestrator, orchestrator
        if row.event == "started":
            source = 0
        elif row.event == SENT:
            target = participant
        elif row.event in REPLIES and row.message_id:
            source = participant
        message = payloads.of_row(row)
        yield SequenceRow(
            row=number,
            since=(row.at - saga.history[0].at).total_seconds(),
            label=_label(row, message),
            event=row.event,
            direction=row.direction,
            attempt=row.attempt,
            source=source,
            target=target,
            detail=None if row.event == SENT else row.detail,
            message_id=row.message_id,
            message=message,
        )


def _attempt(row: SagaHistoryEntry) -> tuple[str, str, int]:
    return row.step, row.direction, row.attempt


def _label(row: SagaHistoryEntry, message: Message | None) -> str:
    """A row's label: the name of the message, or the step and its event if the message is not known."""
    if message:
        return message.type.split(".")[1].replace("_", " ")
    happened = row.event.replace("_", " ")
    return f"{row.step.replace('_', ' ')} {happened}" if row.event in {*REPLIES, SENT} else happened
