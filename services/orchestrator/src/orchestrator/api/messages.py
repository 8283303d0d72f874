"""What a run was told and what it asked for: the messages themselves.

Commands are not stored: each is made again from the event that the run started on and the replies that it needed.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Self
from uuid import UUID

from chassis.auth import Viewer
from chassis.database import OpenTransaction
from chassis.problems import Problem
from contracts.base import Message
from contracts.naming import type_name
from fastapi import APIRouter
from pydantic import BaseModel
from saga import Ask, Event, command
from sqlmodel import col, select

from orchestrator import store
from orchestrator.model import SagaEvent
from orchestrator.sagas import SAGAS
from orchestrator.store import OpenRun

router = APIRouter(tags=["sagas"])


class MessageView(BaseModel):
    """One message, by the id under which the history tells of it."""

    message_id: UUID
    type: str
    body: dict[str, Any]

    @classmethod
    def of(cls, message_id: UUID, message: Message) -> Self:
        return cls(message_id=message_id, type=type_name(type(message)), body=message.model_dump(mode="json"))


@router.get("/{saga_id}/messages")
async def messages(saga_id: UUID, _: Viewer, tx: OpenTransaction) -> list[MessageView]:
    """The event that it started on, in today's version, and every command that it sent; replies are in inboxes."""
    try:
        opened = (await store.read(tx.look, SAGAS, [saga_id])).get(saga_id)
    except LookupError as error:
        raise Problem(409, str(error)) from None
    if opened is None:
        raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
    rows = select(SagaEvent).where(SagaEvent.saga_id == saga_id).order_by(col(SagaEvent.position))
    return list(_said(opened, await tx.session.exec(rows)))


def _said(opened: OpenRun, history: Iterable[SagaEvent]) -> Iterator[MessageView]:
    for row in history:
        if row.message_id is None:
            continue
        if row.event == Event.STARTED:
            yield MessageView.of(row.message_id, opened.start)
        elif row.event == Event.ASKED:
            ask = Ask(row.step, row.direction, row.attempt)
            again = command(opened.saga, opened.start, opened.run, ask, opened.replies)
            yield MessageView.of(row.message_id, again)
