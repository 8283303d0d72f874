"""Saga instances with their history, and the platform's other tables."""

from counterstep.migrations import create_dead_letters, create_instances, create_outbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_instances()
    create_outbox()
    create_dead_letters()
