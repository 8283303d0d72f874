"""Products, orders, their reviews, inbox and outbox."""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_inbox, create_outbox
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("sku", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.CheckConstraint("amount >= 0", name="products_never_negative"),
    )
    op.create_table(
        "orders",
        sa.Column("order_id", sa.Uuid, primary_key=True),
        sa.Column("saga_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.String, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("cancellation_requested", sa.Boolean, nullable=False),
        sa.Column("placed_by", sa.String, nullable=False),
        sa.Column("idempotency_key", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.UniqueConstraint("placed_by", "idempotency_key", name="orders_idempotency"),
        sa.CheckConstraint("status IN ('pending', 'confirmed', 'rejected', 'cancelled')", name="orders_status"),
    )
    op.create_index("orders_by_customer", "orders", ["customer_id", "order_id"])
    op.create_index("orders_pending", "orders", ["order_id"], postgresql_where=sa.text("status = 'pending'"))
    op.create_table(
        "reviews",
        sa.Column("order_id", sa.Uuid, primary_key=True),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("reason", sa.String),
        sa.CheckConstraint("status IN ('waiting', 'approved', 'rejected', 'withdrawn')", name="reviews_status"),
    )
    op.create_index("reviews_waiting", "reviews", ["order_id"], postgresql_where=sa.text("status = 'waiting'"))
    create_inbox()
    create_outbox()
    create_dead_letters()
