"""Trips, and the platform's tables."""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_inbox, create_outbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "trips",
        sa.Column("trip_id", sa.Uuid, primary_key=True),
        sa.Column("saga_id", sa.Uuid, nullable=False),
        sa.Column("traveller", sa.String, nullable=False),
        sa.Column("city", sa.String, nullable=False),
        sa.Column("nights", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("reason", sa.String),
    )
    create_inbox()
    create_outbox()
    create_dead_letters()
