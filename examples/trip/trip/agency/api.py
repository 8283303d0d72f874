"""Trips over HTTP. Requesting one starts the saga, in the transaction that stores it."""

from typing import Annotated
from uuid import UUID

from counterstep.fields import OneLine
from counterstep.http import AnyCaller, OpenTransaction, Problem
from fastapi import APIRouter
from pydantic import BaseModel, Field
from uuid_utils.compat import uuid7

from trip.agency.model import Trip
from trip.contracts.agency import TripRequested

router = APIRouter(prefix="/trips", tags=["trips"])


class NewTrip(BaseModel, extra="forbid"):
    """Where to, and for how many nights."""

    city: Annotated[OneLine, Field(examples=["Lisbon"])]
    nights: Annotated[int, Field(ge=1, le=30)]


class TripView(BaseModel, from_attributes=True):
    """A trip; `reason` says why it was rejected."""

    trip_id: UUID
    saga_id: UUID
    city: str
    status: str
    reason: str | None


@router.post("", status_code=202)
async def request_trip(new: NewTrip, caller: AnyCaller, tx: OpenTransaction) -> TripView:
    """Request a trip. It ends confirmed or rejected; `GET /trips/{trip_id}` shows which."""
    trip = Trip(trip_id=uuid7(), saga_id=uuid7(), traveller=caller.subject, city=new.city, nights=new.nights)
    tx.insert(trip)
    requested = TripRequested(trip_id=trip.trip_id, traveller=trip.traveller, city=trip.city, nights=trip.nights)
    tx.publish(requested, saga_id=trip.saga_id)
    return TripView.model_validate(trip)


@router.get("/{trip_id}")
async def read_trip(trip_id: UUID, caller: AnyCaller, tx: OpenTransaction) -> TripView:
    """One of the caller's own trips."""
    trip = await tx.session.get(Trip, trip_id)
    if trip is None or trip.traveller != caller.subject:
        raise Problem(404, f"you have no trip {trip_id}")
    return TripView.model_validate(trip)
