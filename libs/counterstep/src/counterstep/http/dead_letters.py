"""Dead letters over HTTP, the same on every service: look at them, redrive them, discard them."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlmodel import col

from counterstep.http.auth import Operator, Viewer
from counterstep.http.paging.pages import Page, Paging
from counterstep.http.payload import in_part, readable
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.settling import Because, Many, conflicts, row_of, settle_oldest
from counterstep.http.views.letters import LetterView, WholeLetterView
from counterstep.messaging.consumer import retries
from counterstep.messaging.consumer.dead_letters import DeadLetter
from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.telemetry import operator_span

router = APIRouter(prefix="/dead-letters", tags=["dead letters"])


def _queues(request: Request) -> tuple[str, ...]:
    queues: tuple[str, ...] = request.app.state.runtime.queues
    return queues


Queues = Annotated[tuple[str, ...], Depends(_queues)]


class Replay(Many):
    """Redrive many letters at once: the oldest that wait, of one type or of all."""


class Replayed(BaseModel):
    """How many letters went back to their queues."""

    replayed: int


@router.get("")
async def browse(
    _: Viewer, tx: OpenPlatformTransaction, paging: Annotated[Paging, Depends()], status: LetterStatus = "waiting"
) -> Page[LetterView]:
    """Dead letters, newest message first."""
    rows, next_cursor = await paging.rows(tx.session, DeadLetter, col(DeadLetter.status) == status)
    return Page(items=[LetterView.model_validate(row) for row in rows], next_cursor=next_cursor)


@router.get("/{message_id}")
async def read(
    message_id: UUID, _: Viewer, tx: OpenPlatformTransaction, *, whole: bool = False
) -> WholeLetterView:
    """One dead letter, with the beginning of its body, or all that is kept of it where the `whole` is wanted.

    It locks nothing, so a look never holds up a redrive.
    """
    letter = await _found(tx, message_id)
    body = readable(letter.body) if whole else in_part(readable(letter.body))
    return WholeLetterView.model_validate({**letter.model_dump(exclude={"body"}), "body": body})


@router.post("/replay", status_code=202)
async def replay_many(body: Replay, operator: Operator, tx: OpenPlatformTransaction, queues: Queues) -> Replayed:
    """Let the service handle the oldest waiting letters again. Letters that are too old stay where they are."""
    replay = partial(_replay, tx, queues=queues, by=operator.subject, because=body.reason)
    return Replayed(replayed=await settle_oldest(tx, DeadLetter, "died_at", body, replay))


@router.post("/{message_id}/replay", status_code=202)
async def replay(
    message_id: UUID, body: Because, operator: Operator, tx: OpenPlatformTransaction, queues: Queues
) -> LetterView:
    """Let the service handle the same message again, with the same id and from the same queue."""
    letter = await _locked(tx, message_id)
    _replay(tx, letter, queues, operator.subject, body.reason)
    return LetterView.model_validate(letter)


@router.post("/{message_id}/discard", status_code=202)
async def discard(message_id: UUID, body: Because, operator: Operator, tx: OpenPlatformTransaction) -> LetterView:
    """Settle a letter that nobody needs. It stays on record."""
    letter = await _locked(tx, message_id)
    with conflicts():
        letter.settle("discarded", by=operator.subject, because=body.reason)
    return LetterView.model_validate(letter)


def _replay(tx: PlatformTransaction, letter: DeadLetter, queues: tuple[str, ...], by: str, because: str) -> None:
    with conflicts():
        letter.settle("replayed", by=by, because=because)
    redriven = letter.redriven(queues)
    place = redriven.envelope.headers.traceparent
    with operator_span(f"replay {letter.type}", place, letter.saga_id, operator=by, reason=because):
        tx.write(retries.postponing([redriven]))


async def _locked(tx: PlatformTransaction, message_id: UUID) -> DeadLetter:
    return await _found(tx, message_id, with_for_update=True)


async def _found(tx: PlatformTransaction, message_id: UUID, *, with_for_update: bool = False) -> DeadLetter:
    missing = f"there is no dead letter {message_id}; GET /dead-letters lists those that wait"
    return await row_of(tx, DeadLetter, message_id, missing, with_for_update=with_for_update)
