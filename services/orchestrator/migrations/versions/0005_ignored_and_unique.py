"""How many inputs of an instance changed nothing, and the key of which there is at most one instance.

Neither is known of the rows that are there, nor of those that an orchestrator of the release before goes on
writing while this release is rolled out. They have no unique key, so two of them may have one key. That key is
found nevertheless, before another instance of it begins.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("saga_runs", sa.Column("ignored", sa.Integer, nullable=False, server_default="0"))
    op.add_column("saga_runs", sa.Column("unique_key", sa.String))
    op.create_index("saga_runs_unique", "saga_runs", ["saga", "unique_key"], unique=True)
