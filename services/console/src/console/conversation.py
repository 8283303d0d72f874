"""A run as the conversation that it was: who said what to whom, and what was made of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from counterstep.client.progress import REPLIES, SENT
from counterstep.http.views.boxes import AnswerView
from counterstep.http.views.sagas import SagaDetail, SagaHistoryEntry, SagaMessage

from console.lanes import ORCHESTRATOR, service_of

Message: TypeAlias = SagaMessage | AnswerView


@dataclass(frozen=True)
class Said:
    """One row: a message from lane to lane (counted from 0), or a note where both are the orchestrator's."""

    row: int
    since: float
    words: str
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
        """The message's body, to read."""
        return json.dumps(self.message.body, indent=2, ensure_ascii=False) if self.message else ""


@dataclass(frozen=True)
class Payloads:
    """Message bodies: of events and commands by their ids, of replies by step and direction."""

    told: Mapping[UUID, SagaMessage]
    answers: Mapping[tuple[str, str], AnswerView]

    @classmethod
    def of(cls, told: Iterable[SagaMessage], answers: Iterable[AnswerView]) -> "Payloads":
        """The messages that the orchestrator and the inboxes know."""
        return cls(
            {each.message_id: each for each in told}, {(each.step, each.direction): each for each in answers}
        )

    def of_row(self, row: SagaHistoryEntry) -> Message | None:
        if row.event in REPLIES and row.message_id:
            return self.answers.get((row.step, row.direction))
        return self.told.get(row.message_id) if row.message_id else None


def conversation(run: SagaDetail, services: tuple[str, ...], payloads: Payloads) -> Iterator[Said]:
    """Every row of the history, with its place among the lanes."""
    place = {service: number for number, service in enumerate(services)}
    asked = {_ask(row): place[service_of(row.detail)] for row in run.history if row.event == SENT}
    here = place[ORCHESTRATOR]
    for number, row in enumerate(run.history):
        there = asked.get(_ask(row), here)
        source, target = here, here
        if row.event == "started":
            source = 0
        elif row.event == SENT:
            target = there
        elif row.event in REPLIES and row.message_id:
            source = there
        message = payloads.of_row(row)
        yield Said(
            row=number,
            since=(row.at - run.history[0].at).total_seconds(),
            words=_words(row, message),
            event=row.event,
            direction=row.direction,
            attempt=row.attempt,
            source=source,
            target=target,
            detail=None if row.event == SENT else row.detail,
            message_id=row.message_id,
            message=message,
        )


def _ask(row: SagaHistoryEntry) -> tuple[str, str, int]:
    return row.step, row.direction, row.attempt


def _words(row: SagaHistoryEntry, message: Message | None) -> str:
    """What a row says in a word or two: a message by its name, a note by what happened to which step."""
    if message:
        return message.type.split(".")[1].replace("_", " ")
    happened = row.event.replace("_", " ")
    return f"{row.step.replace('_', ' ')} {happened}" if row.event in {*REPLIES, SENT} else happened
