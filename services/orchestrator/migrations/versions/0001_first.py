"""Saga instances, their history and deadlines, what operators did, and the outbox.

An instance recognizes a reply that comes twice by itself, so there is no inbox.
"""

import sqlalchemy as sa
from alembic import op
from counterstep.migrations import create_dead_letters, create_outbox
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "saga_runs",
        sa.Column("saga_id", sa.Uuid, primary_key=True),
        sa.Column("saga", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("start", sa.LargeBinary, nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("replies", JSONB, nullable=False),
        sa.Column("cause", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("traceparent", sa.String),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("saga_runs_by_status", "saga_runs", ["status", "saga_id"])
    op.create_index("saga_runs_by_saga", "saga_runs", ["saga", "saga_id"])
    op.create_index("saga_runs_by_saga_and_status", "saga_runs", ["saga", "status", "saga_id"])
    op.create_index("saga_runs_by_key", "saga_runs", ["key", "saga_id"])
    op.create_index(
        "saga_runs_left", "saga_runs", ["saga", "version"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "saga_history",
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("saga_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("message_id", sa.Uuid),
        sa.Column("detail", sa.String),
    )
    op.create_index("saga_history_by_run", "saga_history", ["saga_id", "position"])
    op.create_table(
        "deadlines",
        sa.Column("saga_id", sa.Uuid, primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("direction", sa.String, primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("deadlines_by_due_at", "deadlines", ["due_at"])
    op.create_table(
        "operator_acts",
        sa.Column("act_id", sa.Uuid, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("saga_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_index("operator_acts_by_run", "operator_acts", ["saga_id", "act_id"])
    op.create_table(
        "rate_limits",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    )
    create_outbox()
    create_dead_letters()
