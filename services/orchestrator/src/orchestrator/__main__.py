"""The shop's orchestrator: its sagas, over the shop's topology."""

from contracts.topology import SHOP
from counterstep.orchestration import OrchestratorSettings, serve_orchestrator

from orchestrator.sagas import SAGAS


class Settings(OrchestratorSettings):
    http_port: int = 8004


if __name__ == "__main__":
    serve_orchestrator(SAGAS, SHOP, Settings.load())
