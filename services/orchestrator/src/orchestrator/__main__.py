"""The orchestrator's whole wiring."""

from chassis.serve import serve
from chassis.settings import load

from orchestrator.api import router
from orchestrator.handlers import Orchestrator
from orchestrator.sagas import SAGAS
from orchestrator.settings import Settings

if __name__ == "__main__":
    settings = load(Settings)
    serve(Orchestrator(SAGAS, keep_days=settings.saga_retention_days), router, settings)
