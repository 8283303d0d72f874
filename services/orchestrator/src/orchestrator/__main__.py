"""The shop's orchestrator: its sagas, over the shop's topology."""

from contracts.topology import SHOP
from counterstep.http.serve import serve
from counterstep.http.settings import load
from counterstep.orchestration.api import router
from counterstep.orchestration.orchestrator import Orchestrator

from orchestrator.sagas import SAGAS
from orchestrator.settings import Settings

if __name__ == "__main__":
    settings = load(Settings)
    serve(Orchestrator(SAGAS, SHOP, keep_days=settings.saga_retention_days), router, settings)
