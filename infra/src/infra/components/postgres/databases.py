"""What PostgreSQL holds: a database and a role for each service, which no other role can open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import asyncpg

from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK

SUPERUSER = "postgres"
SUPERUSER_SECRET = f"database.{SUPERUSER}"
WATCHER = "watcher"
"""The role that may see the server's statistics, and no service's rows."""
WATCHER_SECRET = f"database.{WATCHER}"


class Databases:
    """The databases of one server, by the secrets of one home."""

    def __init__(self, home: Home, port: int, host: str = LOOPBACK) -> None:
        self._home = home
        self._address = f"{host}:{port}"

    def url(self, service: str) -> str:
        """The address of a service's database, with its role and password."""
        return self._url(service, self._home.secret(f"database.{service}"), database=service)

    async def provision(self, services: tuple[str, ...]) -> None:
        """Give each service its role and its database, which no other role can open."""
        async with self.session("postgres") as sql:
            roles = {row["rolname"] for row in await sql.fetch("SELECT rolname FROM pg_roles")}
            databases = {row["datname"] for row in await sql.fetch("SELECT datname FROM pg_database")}
            for name in (*services, WATCHER):
                verb = "ALTER" if name in roles else "CREATE"
                secret = self._home.secret(f"database.{name}")
                await _execute(sql, f"{verb} ROLE %I LOGIN PASSWORD %L", name, secret)
            for name in services:
                if name not in databases:
                    await _execute(sql, "CREATE DATABASE %I", name)
            for name in (*services, "postgres", "template1"):
                await _execute(sql, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name)
            for name in services:
                await _execute(sql, "GRANT CONNECT ON DATABASE %I TO %I", name, name)
            await _execute(sql, "GRANT pg_monitor TO %I", WATCHER)
            await _execute(sql, "GRANT CONNECT ON DATABASE %I TO %I", "postgres", WATCHER)
        for name in services:
            async with self.session(name) as sql:
                # The tables are the service's own; the database is not: its owner could install extensions.
                await _execute(sql, "ALTER SCHEMA public OWNER TO %I", name)

    @asynccontextmanager
    async def session(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """Open a database as the superuser."""
        secret = self._home.secret(SUPERUSER_SECRET)
        connection = await asyncpg.connect(self._url(SUPERUSER, secret, database=database))
        try:
            yield connection
        finally:
            await connection.close()

    def _url(self, role: str, password: str, *, database: str) -> str:
        address, tls = f"postgresql://{role}:{password}@{self._address}/{database}", self._home.tls
        return f"{address}?sslmode=verify-full&sslrootcert={quote(str(tls.authority))}" if tls.on else address


async def _execute(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that takes no parameters, with names (%I) and texts (%L) quoted by the server."""
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, values)
    await connection.execute(statement)
