"""What every service's `migrations/env.py` does: bring the service's own database to its newest schema."""

import asyncio
from functools import partial

import asyncpg
from alembic import context
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from counterstep.http.settings import DatabaseSettings


def migrate() -> None:
    """Run alembic's command in the database of DATABASE_URL, or in the one that `provision.upgrade` names.

    A service's `migrations/env.py` imports its models, so that alembic can compare them with the database, and
    calls this.

    Units: none.

    Raises: `SystemExit`, with one line, where DATABASE_URL is missing or the database cannot be reached.

    ```python
    def env() -> None:  # the text of migrations/env.py
        import trip.agency.model

        migrate()
    ```
    """
    url = context.config.attributes.get("database_url")
    asyncio.run(_connect_and_run(url or str(DatabaseSettings.load().database_url.get_secret_value())))


async def _connect_and_run(url: str) -> None:
    # asyncpg reads the address itself: SQLAlchemy would not hand on what it says of TLS.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=partial(asyncpg.connect, url))
    try:
        connection = await engine.connect()
    except (OSError, DBAPIError) as error:
        reason = getattr(error, "orig", error)
        raise SystemExit(f"cannot open the database {make_url(url).render_as_string()}: {reason}") from None
    try:
        await connection.run_sync(_run)
    finally:
        await connection.close()
        await engine.dispose()


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_name=_is_ours_to_compare)
    with context.begin_transaction():
        context.run_migrations()


def _is_ours_to_compare(name: str | None, kind: str, _: object) -> bool:
    """Inbox and outbox are the platform's, and no models."""
    return kind != "table" or name in SQLModel.metadata.tables
