"""The messages that the broker will never take, and how often it refused those of the outbox.

Both columns of the outbox have a default, so a process of the release before goes on writing rows.
"""

from counterstep.migrations import create_outbox_quarantine

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_outbox_quarantine()
