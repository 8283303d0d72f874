"""What has to be there before the application starts: counterstep's tables, and its queues on the broker."""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from counterstep.migrations import (
    create_dead_letters,
    create_inbox,
    create_outbox,
    create_outbox_quarantine,
    create_retries,
)
from counterstep.topology.rabbitmq import definitions
from sqlalchemy import Connection
from sqlmodel import SQLModel

from library.participant import LIBRARY


def create_tables(connection: Connection) -> None:
    """Create the application's table and counterstep's own; with alembic, a revision does it."""
    SQLModel.metadata.tables["books"].create(connection)
    with Operations.context(MigrationContext.configure(connection)):
        create_inbox()
        create_outbox()
        create_outbox_quarantine()
        create_dead_letters()
        create_retries()


def broker_definitions(password: str) -> dict[str, object]:
    """Give RabbitMQ's `POST /api/definitions` the virtual host, its exchanges and queues, and a user."""
    wanted = definitions(LIBRARY, {"lending": password})
    for permission in wanted["permissions"]:
        # The application's own queue, as it was before; and the default exchange, where its own messages go.
        permission["configure"] = "^book_drop$"
        permission["read"] = rf"({permission['read']}|^book_drop$)"
    return wanted
