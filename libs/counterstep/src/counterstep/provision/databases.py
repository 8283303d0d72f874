"""Gives each service a role and a database that no other role can open."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

CONNECTION_LIMIT: Final = 150
"""Of one role: eight processes of a service open fewer, also while they are migrated."""


async def create_databases(
    superuser_url: str, passwords: Mapping[str, str], *, connection_limit: int = CONNECTION_LIMIT
) -> None:
    """Create for each service (name → password) a role and a database of its name, or set the role's password.

    A service may connect to its own database alone. It owns the tables there and not the database, whose owner
    could install extensions. `superuser_url` is the PostgreSQL address of a role that may create both, with any
    database that exists.

    Units: `connection_limit` counts a role's open connections, so that a service that opens too many stops itself
    alone; with 16 for each process, set it to suit your replicas and the server's `max_connections`.

    Raises: asyncpg's errors where the server cannot be reached or refuses.

    ```python
    async def databases(superuser_url: str, passwords: dict[str, str]) -> None:
        await create_databases(superuser_url, passwords, connection_limit=64)
    ```
    """
    async with _session(superuser_url) as sql:
        databases = {row["datname"] for row in await sql.fetch("SELECT datname FROM pg_database")}
        for name, password in passwords.items():
            await create_role(sql, name, password, connection_limit=connection_limit)
            if name not in databases:
                await _execute(sql, "CREATE DATABASE %I", name)
            await _execute(sql, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name)
            await _execute(sql, "GRANT CONNECT ON DATABASE %I TO %I", name, name)
    for name in passwords:
        async with _session(superuser_url, database=name) as sql:
            await _execute(sql, "ALTER SCHEMA public OWNER TO %I", name)


async def create_role(
    connection: asyncpg.Connection, name: str, password: str, *, connection_limit: int = CONNECTION_LIMIT
) -> None:
    """Create a role that may log in, or set its password and how many connections it may open.

    It may do nothing else until something is granted. `connection` is one of a role that may create roles.

    Units: `connection_limit` counts the role's open connections.

    Raises: asyncpg's errors where `connection` may not create roles.

    ```python
    async def watcher(connection: asyncpg.Connection, password: str) -> None:
        await create_role(connection, "trip_watcher", password, connection_limit=4)
        await connection.execute("GRANT pg_monitor TO trip_watcher")
    ```
    """
    exists = await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name)
    await _execute(
        connection,
        f"{'ALTER' if exists else 'CREATE'} ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT %s",
        name,
        password,
        str(connection_limit),
    )


async def _execute(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that takes no parameters, with names (%I) and literals (%L) quoted by the server."""
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, values)
    await connection.execute(statement)


@asynccontextmanager
async def _session(url: str, database: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    address = urlsplit(url)
    if database is not None:
        address = address._replace(path=f"/{database}")
    connection = await asyncpg.connect(urlunsplit(address))
    try:
        yield connection
    finally:
        await connection.close()
