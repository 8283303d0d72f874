"""The databases in PostgreSQL: one for each service, with a role that alone can open it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import asyncpg
from counterstep.provision import create_databases, create_role

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
        """Give each service its role and its database, and the watcher a look at the server's statistics."""
        superuser = self._url(SUPERUSER, self._home.secret(SUPERUSER_SECRET), database="postgres")
        await create_databases(superuser, {name: self._home.secret(f"database.{name}") for name in services})
        async with self.session("postgres") as sql:
            for name in ("postgres", "template1"):
                await sql.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            await create_role(sql, WATCHER, self._home.secret(WATCHER_SECRET))
            await sql.execute(f"GRANT pg_monitor TO {WATCHER}")
            await sql.execute(f"GRANT CONNECT ON DATABASE postgres TO {WATCHER}")

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
