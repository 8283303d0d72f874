"""Accounts, authorizations, inbox and outbox."""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_inbox, create_outbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("customer_id", sa.String, primary_key=True),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("available", sa.BigInteger, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("captured", sa.BigInteger, nullable=False),
        sa.CheckConstraint("available >= 0 AND held >= 0 AND captured >= 0", name="accounts_never_negative"),
    )
    op.create_table(
        "authorizations",
        sa.Column("order_id", sa.Uuid, primary_key=True),
        sa.Column("authorization_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.String, sa.ForeignKey("accounts.customer_id"), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.CheckConstraint("amount >= 0", name="authorizations_never_negative"),
        sa.CheckConstraint("status IN ('held', 'voided', 'captured')", name="authorizations_status"),
    )
    create_inbox()
    create_outbox()
    create_dead_letters()
