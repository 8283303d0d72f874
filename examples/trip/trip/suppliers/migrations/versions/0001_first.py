"""Offers, bookings and room requests, and the platform's tables."""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_inbox, create_outbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("offer", sa.String, primary_key=True),
        sa.Column("available", sa.Integer, nullable=False),
        sa.CheckConstraint("available >= 0", name="offers_never_negative"),
    )
    op.create_table(
        "bookings",
        sa.Column("booking_id", sa.Uuid, primary_key=True),
        sa.Column("offer", sa.String, sa.ForeignKey("offers.offer"), nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
    )
    op.create_table(
        "room_requests",
        sa.Column("trip_id", sa.Uuid, primary_key=True),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("city", sa.String, nullable=False),
        sa.Column("nights", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    create_inbox()
    create_outbox()
    create_dead_letters()
