"""What a participant answered, for people to see."""

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.naming import type_name
from contracts.protocol import Direction
from fastapi import APIRouter
from messaging import inbox
from pydantic import BaseModel

from chassis.auth import Viewer
from chassis.database import OpenTransaction

router = APIRouter(prefix="/inbox", tags=["inbox"])


class Answered(BaseModel):
    """The one answer to a step of a saga in one direction, however often it was asked for."""

    step: str
    direction: Direction
    type: str
    body: dict[str, Any]
    answered_at: datetime


@router.get("/{saga_id}")
async def read(saga_id: UUID, _: Viewer, tx: OpenTransaction) -> list[Answered]:
    """What this service answered to one saga, for as long as it is remembered."""
    return [
        Answered(
            step=key.step,
            direction=key.direction,
            type=type_name(type(reply)),
            body=reply.model_dump(mode="json"),
            answered_at=at,
        )
        for key, reply, at in await inbox.given(tx.sql, saga_id)
    ]
