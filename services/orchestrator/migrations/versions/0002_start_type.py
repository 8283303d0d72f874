"""The version of the start event of each saga instance.

The default is for existing instances, and for those that an orchestrator of the previous release still begins
during the upgrade: both know version 1 only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "saga_runs", sa.Column("start_type", sa.String, nullable=False, server_default="order.order_placed.v1")
    )
