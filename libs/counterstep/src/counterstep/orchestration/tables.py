"""The tables of an orchestrator, for the first migration of a new system."""

from alembic import op
from sqlmodel import SQLModel

from counterstep.orchestration import model  # noqa: F401 - it declares the tables

_TABLES = ("saga_runs", "saga_history", "deadlines", "operator_acts", "rate_limits")


def create_instances() -> None:
    """Create the tables of saga instances, their history, their deadlines, and what operators did.

    The first revision of an orchestrator also calls `create_outbox()`, `create_dead_letters()` and
    `create_retries()`. It needs no inbox, because an instance itself recognizes a reply that comes twice. Raises
    the database's error where a table exists already.

    ```python
    def upgrade() -> None:
        create_instances()
        create_outbox()
        create_dead_letters()
        create_retries()
    ```
    """
    for name in _TABLES:
        SQLModel.metadata.tables[name].create(op.get_bind())
