"""The code of the refusal that a saga instance was aborted by, and that a history entry is about.

Both columns are nullable: the rows that are there have no code, and an orchestrator of the release before goes on
writing rows without one while this release is rolled out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("saga_runs", sa.Column("code", sa.String))
    op.add_column("saga_history", sa.Column("code", sa.String))
    op.create_index(
        "saga_runs_by_code", "saga_runs", ["code", "saga_id"], postgresql_where=sa.text("code IS NOT NULL")
    )
