"""The tables of an orchestrator, for the first migration of a new system."""

from alembic import op
from sqlmodel import SQLModel

from counterstep.orchestration import model  # noqa: F401 - it declares the tables

_EXTENSIONS = (
    "ALTER TABLE saga_runs ADD COLUMN IF NOT EXISTS ignored integer NOT NULL DEFAULT 0",
    "ALTER TABLE saga_runs ADD COLUMN IF NOT EXISTS unique_key varchar",
    "CREATE UNIQUE INDEX IF NOT EXISTS saga_runs_unique ON saga_runs (saga, unique_key)",
)

_TABLES = ("saga_runs", "saga_history", "deadlines", "operator_acts", "rate_limits")


def create_instances() -> None:
    """Create the tables of saga instances, their history, their deadlines, and what operators did.

    The first revision of an orchestrator also calls `create_outbox()`, `create_dead_letters()` and
    `create_retries()`. It needs no inbox, because an instance itself recognizes a reply that comes twice.

    Units: none.

    Raises: the database's error where a table exists already.

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


def extend_instances() -> None:
    """Add to the table of saga instances what releases after the first one need; nothing where it is there.

    Every orchestrator needs it: how many inputs of an instance changed nothing, and the key of which there is at
    most one instance. A process of the release before goes on writing rows, without a unique key.

    Units: none.

    Raises: the database's error where there are no saga instances.

    ```python
    def upgrade() -> None:
        extend_instances()
    ```
    """
    for statement in _EXTENSIONS:
        op.execute(statement)
