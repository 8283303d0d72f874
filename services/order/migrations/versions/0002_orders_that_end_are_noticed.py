"""A notice is sent when an order ends, for the requests that wait for it."""

from counterstep.migrations import create_notices

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_notices("orders", key="order_id", when="OLD.status = 'pending' AND NEW.status <> 'pending'")
