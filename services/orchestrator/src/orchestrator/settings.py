"""What the orchestrator must be told."""

from counterstep.http import ServiceSettings
from counterstep.orchestration.retention import SHORTEST_DAYS
from pydantic import Field


class Settings(ServiceSettings):
    http_port: int = 8004
    saga_retention_days: int | None = Field(default=None, ge=SHORTEST_DAYS)
    """For how long a saga that has ended is kept, with its history; for ever, where it is not said."""
