"""A database beside the stack's, with tables of the platform in it and nobody else."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import asyncpg
from alembic.migration import MigrationContext
from alembic.operations import Operations
from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET
from infra.launcher.native.stack import Stack
from sqlalchemy import URL, Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine


@asynccontextmanager
async def database_beside(stack: Stack, name: str, create: Iterable[Callable[[], None]]) -> AsyncIterator[str]:
    """Inside the block there is a database of this name; `create` are the platform's functions for migrations.

    Gives its address, for the superuser.
    """
    at_root = make_url(stack.database_url("payment")).set(
        username=SUPERUSER, password=stack.home.secret(SUPERUSER_SECRET)
    )
    root = await asyncpg.connect(_text(at_root))
    try:
        await root.execute(f"CREATE DATABASE {name}")
        try:
            await _create_tables(at_root.set(database=name), list(create))
            yield _text(at_root.set(database=name))
        finally:
            await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await root.close()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def _create_tables(url: URL, create: list[Callable[[], None]]) -> None:
    engine = create_async_engine(_text(url.set(drivername="postgresql+asyncpg")))
    async with engine.begin() as connection:
        await connection.run_sync(_created, create)
    await engine.dispose()


def _created(connection: Connection, create: list[Callable[[], None]]) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        for each in create:
            each()
