"""Stock, reservations, inbox and outbox."""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_inbox, create_outbox
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "stock",
        sa.Column("sku", sa.String, primary_key=True),
        sa.Column("on_hand", sa.BigInteger, nullable=False),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.Column("sold", sa.BigInteger, nullable=False),
        sa.CheckConstraint("on_hand >= 0 AND reserved >= 0 AND sold >= 0", name="stock_never_negative"),
    )
    op.create_table(
        "reservations",
        sa.Column("order_id", sa.Uuid, primary_key=True),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.CheckConstraint("status IN ('reserved', 'released', 'committed')", name="reservations_status"),
    )
    create_inbox()
    create_outbox()
    create_dead_letters()
