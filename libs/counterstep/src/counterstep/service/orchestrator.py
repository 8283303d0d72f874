"""A whole orchestrator in one call."""

from collections.abc import Iterable
from typing import Any

from counterstep.orchestration.api import router
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.orchestration.settings import OrchestratorSettings
from counterstep.saga.definition import Saga
from counterstep.service.serving import serve
from counterstep.topology.topology import Topology


def serve_orchestrator(sagas: Iterable[Saga[Any]], topology: Topology, settings: OrchestratorSettings) -> None:
    """Drive these sagas, and serve their HTTP API, until SIGTERM.

    `sagas` holds every definition that an instance may still be pinned to. A start event begins the newest
    version, and an instance stays with its own.

    Units: none of its own; those of the settings and of the sagas.

    Raises: `ValueError` for two definitions of one version, and for two sagas that start on the same event;
    `SystemExit`, with one line, where the port is taken or the TLS certificate cannot be read.

    ```python
    if __name__ == "__main__":
        serve_orchestrator([BOOK_TRIP], TRIP, OrchestratorSettings.load())
    ```
    """
    serve(Orchestrator(sagas, topology, keep_days=settings.saga_retention_days), router, settings)
