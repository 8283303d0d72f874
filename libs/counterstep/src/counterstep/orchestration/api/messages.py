"""What a run was told and what it asked for: the messages themselves.

Commands are not stored: each is made again from the event that the run started on and the replies that it needed.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import col, select

from counterstep.http.auth import Viewer
from counterstep.http.database import OpenTransaction
from counterstep.http.problems import Problem
from counterstep.orchestration import instances as store
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.instances import LoadedInstance
from counterstep.orchestration.model import HistoryEntryRow
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.saga.attempt import Attempt
from counterstep.saga.commands import command_for as command
from counterstep.saga.transition import HistoryEvent

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
async def messages(
    saga_id: UUID, _: Viewer, tx: OpenTransaction, orchestrator: TheOrchestrator
) -> list[MessageView]:
    """The event that it started on, in today's version, and every command that it sent; replies are in inboxes."""
    try:
        opened = (await store.read(tx.look, orchestrator.definitions, [saga_id])).get(saga_id)
    except LookupError as error:
        raise Problem(409, str(error)) from None
    if opened is None:
        raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
    rows = (
        select(HistoryEntryRow).where(HistoryEntryRow.saga_id == saga_id).order_by(col(HistoryEntryRow.position))
    )
    return list(_said(opened, await tx.session.exec(rows)))


def _said(opened: LoadedInstance, history: Iterable[HistoryEntryRow]) -> Iterator[MessageView]:
    for row in history:
        if row.message_id is None:
            continue
        if row.event == HistoryEvent.STARTED:
            yield MessageView.of(row.message_id, opened.start)
        elif row.event == HistoryEvent.ASKED:
            ask = Attempt(row.step, row.direction, row.attempt)
            again = command(opened.saga, opened.start, opened.run, ask, opened.replies)
            yield MessageView.of(row.message_id, again)
