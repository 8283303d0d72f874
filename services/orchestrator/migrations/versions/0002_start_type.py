"""In which version a run's beginning was told.

The default is for the runs that are there, and for those that an orchestrator of the release before still begins
beside this one: both know version 1 alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "saga_runs", sa.Column("start_type", sa.String, nullable=False, server_default="order.order_placed.v1")
    )
