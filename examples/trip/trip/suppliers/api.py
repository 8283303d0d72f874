"""What suppliers do: put up offers, and decide about rooms. A decision completes the saga's command."""

from typing import Annotated
from uuid import UUID

from counterstep.http import OpenTransaction, Operator, Problem
from fastapi import APIRouter
from pydantic import BaseModel, Field

from trip.contracts.suppliers import RoomConfirmed, RoomDeclined, RoomDeclinedCode
from trip.suppliers.model import Offer, RoomRequest

router = APIRouter(tags=["suppliers"])


class Available(BaseModel, extra="forbid"):
    """How many there are now."""

    available: Annotated[int, Field(ge=0)]


class Decision(BaseModel, extra="forbid"):
    """Whether the hotel has the room."""

    confirmed: bool


@router.put("/offers/{offer}")
async def put_offer(offer: str, body: Available, _: Operator, tx: OpenTransaction) -> Available:
    """Put up an offer, or change how many are left of it."""
    await tx.upsert(Offer(offer=offer, available=body.available), "available")
    return body


@router.get("/offers/{offer}")
async def read_offer(offer: str, _: Operator, tx: OpenTransaction) -> Available:
    """How many are left."""
    found = await tx.session.get(Offer, offer)
    return Available(available=found.available if found else 0)


@router.post("/room-requests/{trip_id}/decision", status_code=202)
async def decide(trip_id: UUID, decision: Decision, _: Operator, tx: OpenTransaction) -> Decision:
    """Confirm or decline a room, and let the saga continue with that reply."""
    request = await tx.session.get(RoomRequest, trip_id, with_for_update=True)
    if request is None or request.status != "open":
        raise Problem(409, f"trip {trip_id} waits for no decision about a room")
    request.status = "confirmed" if decision.confirmed else "declined"
    declined = RoomDeclined(code=RoomDeclinedCode.FULL, reason=f"the hotel in {request.city} has no room")
    await tx.complete(request.token, RoomConfirmed() if decision.confirmed else declined)
    return decision
