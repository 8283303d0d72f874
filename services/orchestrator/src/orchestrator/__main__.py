"""The shop's orchestrator: its sagas, over the shop's topology."""

from contracts.topology import SHOP
from counterstep import Orchestrator
from counterstep.http import load, serve
from counterstep.orchestration.api import router

from orchestrator.sagas import SAGAS
from orchestrator.settings import Settings

if __name__ == "__main__":
    settings = load(Settings)
    serve(Orchestrator(SAGAS, SHOP, keep_days=settings.saga_retention_days), router, settings)
