"""The settings of an orchestrator's process."""

from pydantic import Field

from counterstep.http.settings import ServiceSettings
from counterstep.orchestration.retention import SHORTEST_DAYS


class OrchestratorSettings(ServiceSettings):
    """The settings of every service, and how long ended instances are kept.

    `SAGA_RETENTION_DAYS` is that time in days, and at least as long as the inboxes remember. Without a value
    they are kept for good.

    ```python
    class Settings(OrchestratorSettings):
        http_port: int = 8104
    ```
    """

    saga_retention_days: int | None = Field(default=None, ge=SHORTEST_DAYS)
    """After how many days an ended instance is deleted with its history; without a value it is kept."""
