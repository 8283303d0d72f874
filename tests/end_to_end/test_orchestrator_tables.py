"""The tables of a new system's orchestrator are those that an old one has been migrated to."""

from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from counterstep.migrations import (
    create_dead_letters,
    create_instances,
    create_outbox,
    create_outbox_quarantine,
    create_retries,
)
from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET
from infra.launcher.native.stack import Stack
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, is_identity FROM information_schema.columns
WHERE table_schema = '{}' AND table_name <> 'alembic_version' ORDER BY table_name, column_name
"""
INDEXES = r"""
SELECT tablename, indexname, regexp_replace(indexdef, '(public|pg_temp\w*)[.]', '') AS definition FROM pg_indexes
WHERE schemaname = '{0}' AND tablename <> 'alembic_version' ORDER BY indexname
"""


def described(connection: Connection, schema: str) -> list[Any]:
    """Every column and every index of this schema."""
    return [tuple(row) for query in (COLUMNS, INDEXES) for row in connection.execute(text(query.format(schema)))]


def created_and_migrated(connection: Connection) -> tuple[list[Any], list[Any]]:
    """The tables that the platform creates for a new system, and those that the shop's revisions have made."""
    connection.execute(text("SET search_path TO pg_temp"))  # beside the real ones, and gone with the connection
    with Operations.context(MigrationContext.configure(connection)):
        create_instances()
        create_outbox()
        create_outbox_quarantine()
        create_dead_letters()
        create_retries()
    temporary = connection.scalar(text("SELECT pg_my_temp_schema()::regnamespace::text"))
    return described(connection, temporary), described(connection, "public")


async def test_a_new_orchestrator_has_the_tables_of_one_that_was_migrated(stack: Stack) -> None:
    # The superuser's, because the service itself may make no temporary tables.
    url = make_url(stack.database_url("orchestrator")).set(
        drivername="postgresql+asyncpg", username=SUPERUSER, password=stack.home.secret(SUPERUSER_SECRET)
    )
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        created, migrated = await connection.run_sync(created_and_migrated)
    await engine.dispose()
    assert created == migrated
