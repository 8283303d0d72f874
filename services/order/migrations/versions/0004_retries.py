"""Messages that could not be handled are kept in tables of the service's own."""

from counterstep.migrations import create_retries

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_retries()
