"""The settings of an orchestrator's process."""

from pydantic import Field

from counterstep.http.settings import ServiceSettings
from counterstep.orchestration.retention import SHORTEST_DAYS


class OrchestratorSettings(ServiceSettings):
    """The settings of every service, and how long ended instances are kept."""

    saga_retention_days: int | None = Field(default=None, ge=SHORTEST_DAYS)
    """After how many days an ended instance is deleted with its history; without a value it is kept."""
