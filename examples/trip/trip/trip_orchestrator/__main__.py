"""The orchestrator's process."""

from counterstep import Orchestrator
from counterstep.http import ServiceSettings, load, serve
from counterstep.orchestration.api import router

from trip.topology import TRIP
from trip.trip_orchestrator.book_trip import SAGAS

if __name__ == "__main__":
    serve(Orchestrator(SAGAS, TRIP), router, load(ServiceSettings))
