"""The settings of an orchestrator's process."""

from pydantic import Field

from counterstep.http.settings import ServiceSettings
from counterstep.orchestration.retention import SHORTEST_DAYS


class OrchestratorSettings(ServiceSettings):
    """The settings of every service, and how long ended instances are kept.

    Units: `SAGA_RETENTION_DAYS` is in days, and at least as long as the inboxes remember. Without a value ended
    instances are kept for good.

    Raises: `SystemExit` from `load`, with one line that names each variable that is missing or wrong.

    ```python
    class Settings(OrchestratorSettings):
        http_port: int = 8104


    assert Settings.load().saga_retention_days is None
    ```
    """

    saga_retention_days: int | None = Field(default=None, ge=SHORTEST_DAYS)
    """After how many days an ended instance is deleted with its history; without a value it is kept."""
