"""Saga instances of the travel system, to be saved."""

from typing import Final
from uuid import UUID

from counterstep.messaging.database.sql import Sql, execute_together
from counterstep.orchestration import instances
from counterstep.orchestration.instances import Definitions, LoadedInstance, RawMessage
from counterstep.protocol.naming import type_name
from counterstep.saga.engine import begin
from travel.contracts.trip import TripWanted
from travel.sagas import BOOK_TRIP, SAGAS
from travel.topology import TRAVEL
from uuid_utils.compat import uuid7

DEFINITIONS: Final = Definitions(SAGAS, TRAVEL.contracts)


def begun(trip: str = "rome", saga_id: UUID | None = None) -> LoadedInstance:
    """An instance that has sent its first commands, and is not saved yet."""
    wanted = TripWanted(trip=trip, far=False)
    raw = RawMessage(type_name(TripWanted), wanted.model_dump_json().encode())
    transition = begin(BOOK_TRIP, skipped=BOOK_TRIP.skipped(wanted))
    return LoadedInstance(saga_id or uuid7(), BOOK_TRIP, raw, wanted, None, transition.instance)


async def save(sql: Sql, *saved: LoadedInstance) -> dict[UUID, float]:
    """Save these instances; gives the seconds that those took which have ended."""
    ended: dict[UUID, float] = {}
    await execute_together(sql, [instances.saving(saved, ended.__setitem__, {})])
    return ended
