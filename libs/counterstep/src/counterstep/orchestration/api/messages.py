"""The messages of an instance: its start event and every command that it sent.

Commands are not stored. Each is made again from the start event and the stored replies.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from counterstep.http.auth import Viewer
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.problems import Problem
from counterstep.orchestration import history, instances
from counterstep.orchestration.api.injected import TheOrchestrator
from counterstep.orchestration.api.queries import MOST_ENTRIES
from counterstep.orchestration.history import RecordedEntry
from counterstep.orchestration.instances import LoadedInstance
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.saga.commands import command_for
from counterstep.saga.transition import HistoryEvent

router = APIRouter(tags=["sagas"])


class MessageView(BaseModel):
    """One message, with the id that the history names it by."""

    message_id: UUID
    type: str
    body: dict[str, Any]

    @classmethod
    def of(cls, message_id: UUID, message: Message) -> Self:
        return cls(message_id=message_id, type=type_name(type(message)), body=message.model_dump(mode="json"))


@router.get("/{saga_id}/messages")
async def messages(
    saga_id: UUID, _: Viewer, tx: OpenPlatformTransaction, orchestrator: TheOrchestrator
) -> list[MessageView]:
    """The start event in today's version, and the commands of the first 500 history entries.

    Replies are in the inboxes of the participants.
    """
    read = await instances.read(tx.query, orchestrator.definitions, [saga_id])
    if error := read.unreadable.get(saga_id):
        raise Problem(409, str(error)) if isinstance(error, LookupError) else error
    if (loaded := read.loaded.get(saga_id)) is None:
        raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
    entries, _position = await history.page(tx.query, saga_id, limit=MOST_ENTRIES)
    return list(_messages(loaded, entries))


def _messages(loaded: LoadedInstance, entries: Iterable[RecordedEntry]) -> Iterator[MessageView]:
    for recorded in entries:
        if recorded.message_id is None:
            continue
        entry = recorded.entry
        if entry.event is HistoryEvent.STARTED:
            yield MessageView.of(recorded.message_id, loaded.start)
        elif entry.event is HistoryEvent.SENT:
            command = command_for(loaded.saga, loaded.start, loaded.instance, entry.attempt, loaded.replies)
            yield MessageView.of(recorded.message_id, command)
