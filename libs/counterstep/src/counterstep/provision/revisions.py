"""Brings a service's database to its newest schema, from a program instead of a shell."""

import asyncio
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config

DATABASE_URL: Final = "database_url"
"""The attribute of alembic's configuration by which `counterstep.migrations.migrate` finds the database."""


async def upgrade(migrations: Path, database_url: str) -> None:
    """Run the revisions in this folder that the database has not had yet, up to the newest.

    The folder holds `env.py`, which calls `counterstep.migrations.migrate`, and `versions`.

    Units: none.

    Raises: alembic's `CommandError` for revisions that do not fit together, and the database's errors;
    `SystemExit`, with one line, where the database cannot be reached.

    ```python
    async def newest(database_url: str) -> None:
        await upgrade(Path("trip/agency/migrations"), database_url)
    ```
    """
    config = Config(attributes={DATABASE_URL: database_url})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # env.py runs an event loop of its own, which only a thread without one can.
    await asyncio.to_thread(command.upgrade, config, "head")
