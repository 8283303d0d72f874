"""The orchestrator's process."""

from counterstep.orchestration import OrchestratorSettings, serve_orchestrator

from trip.topology import TRIP
from trip.trip_orchestrator.book_trip import SAGAS

if __name__ == "__main__":
    serve_orchestrator(SAGAS, TRIP, OrchestratorSettings.load())
