"""A whole orchestrator in one call."""

from counterstep.orchestration.api import router
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.orchestration.settings import OrchestratorSettings
from counterstep.saga.registry import Registry
from counterstep.service.serving import serve
from counterstep.topology.topology import Topology


def serve_orchestrator(sagas: Registry, topology: Topology, settings: OrchestratorSettings) -> None:
    """Drive these sagas, and serve their HTTP API, until SIGTERM.

    Exits with one line where the port is taken or the certificate cannot be used.

    ```python
    serve_orchestrator(SAGAS, TRIP, load(OrchestratorSettings))
    ```
    """
    serve(Orchestrator(sagas, topology, keep_days=settings.saga_retention_days), router, settings)
