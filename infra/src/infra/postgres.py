"""A private PostgreSQL: on loopback, every password checked, one database and one role for each service."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

import asyncpg

from infra import postgres_programs
from infra.command import run
from infra.environment import base_environment
from infra.failure import Failure
from infra.home import Home
from infra.loopback import LOOPBACK
from infra.part import Part, Tier
from infra.ports import Ports
from infra.postgres_placement import Placement, remove_shelter
from infra.private_file import write_private

SUPERUSER = "postgres"
SUPERUSER_SECRET = f"database.{SUPERUSER}"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # What is acknowledged is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
}

CERTIFICATE = "server.pem"
TLS_SETTINGS = {"ssl": "on", "ssl_cert_file": CERTIFICATE, "ssl_key_file": CERTIFICATE}


class Postgres:
    """One server, and what a service needs of it."""

    name = "postgres"

    def __init__(self, home: Home, ports: Ports, placement: Placement) -> None:
        self._home = home
        self._port = ports.postgres
        self._placement = placement

    def url(self, service: str) -> str:
        """The address of a service's database, with its role and password."""
        return self._url(service, self._home.secret(f"database.{service}"), database=service)

    def part(self) -> Part:
        settings = {"port": str(self._port), **SETTINGS, **(TLS_SETTINGS if self._home.tls.on else {})}
        account = self._placement.account
        return Part(
            name=self.name,
            tier=Tier.STORES,
            command=(
                str(self._placement.programs / "postgres"),
                *("-D", str(self._placement.data)),
                *(f"--{name}={value}" for name, value in settings.items()),
            ),
            ports=("postgres",),
            address=f"{LOOPBACK}:{self._port}",
            missing=self.missing,
            directory=self._placement.data,
            user=account.pw_name if account else None,
            stop_signal="INT",  # "fast": ends connections instead of waiting for them
        )

    @property
    def initialized(self) -> bool:
        return self._placement.data.exists()

    def prepare(self) -> None:
        """Bring the programs where they can run. Raises Failure where they cannot read the data there are."""
        if not self._home.secret_path(SUPERUSER_SECRET).exists():
            remove_shelter(self._home)  # of an earlier home in the same place: nobody has the key to its data
        self._placement.prepare()
        self._check_version()

    async def initialize(self) -> None:
        """Make the data directory. Raises Failure."""
        draft = self._placement.data.with_suffix(".draft")  # an interrupted initdb counts for nothing
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with NamedTemporaryFile("w", dir=draft.parent) as password:
            password.write(self._home.secret(SUPERUSER_SECRET))
            password.flush()
            if account := self._placement.account:
                shutil.chown(draft, account.pw_uid, account.pw_gid)
                shutil.chown(password.name, account.pw_uid)
            await self._initdb(draft, password.name)
        draft.rename(self._placement.data)

    def configure(self) -> None:
        """Write what the server reads when it starts: whom it lets in, and its certificate."""
        tls = self._home.tls
        self._write("pg_hba.conf", f"{'hostssl' if tls.on else 'host'} all all {LOOPBACK}/32 scram-sha-256\n")
        if tls.on:
            self._write(CERTIFICATE, tls.certificate(self.name).read_text())

    async def missing(self) -> str | None:
        """Say what the server still lacks to be used, if anything. Raises Failure where it never will be."""
        try:
            async with self._session("postgres"):
                return None
        except asyncpg.InvalidPasswordError:
            secret = self._home.secret_path(SUPERUSER_SECRET)
            raise Failure("postgres", f"{secret} is not its password; begin anew with `make clean`") from None
        except (OSError, asyncpg.PostgresError) as error:
            return str(error)

    async def provision(self, services: tuple[str, ...]) -> None:
        """Give each service its role and its database, which no other role can open."""
        async with self._session("postgres") as sql:
            roles = {row["rolname"] for row in await sql.fetch("SELECT rolname FROM pg_roles")}
            databases = {row["datname"] for row in await sql.fetch("SELECT datname FROM pg_database")}
            for name in services:
                verb = "ALTER" if name in roles else "CREATE"
                secret = self._home.secret(f"database.{name}")
                await _execute(sql, f"{verb} ROLE %I LOGIN PASSWORD %L", name, secret)
                if name not in databases:
                    await _execute(sql, "CREATE DATABASE %I", name)
            for name in (*services, "postgres", "template1"):
                await _execute(sql, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name)
            for name in services:
                await _execute(sql, "GRANT CONNECT ON DATABASE %I TO %I", name, name)
        for name in services:
            async with self._session(name) as sql:
                # The tables are the service's own; the database is not: its owner could install extensions.
                await _execute(sql, "ALTER SCHEMA public OWNER TO %I", name)

    async def _initdb(self, data: Path, password_file: str) -> None:
        command = (
            str(self._placement.programs / "initdb"),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        )
        account = self._placement.account
        await run("postgres", command, environment=base_environment(self._home), account=account)

    def _check_version(self) -> None:
        made_by = self._placement.data / "PG_VERSION"
        needed = int(made_by.read_text()) if made_by.exists() else None
        found = postgres_programs.major(self._placement.programs)
        if needed not in {None, found}:
            back = ", go on without TLS (`make up TLS=0`)" if self._home.tls.on else ""
            raise Failure(
                self.name,
                f"the data are version {needed}'s and {self._placement.programs} is version {found}. Name a folder"
                f" of version {needed} in {postgres_programs.VARIABLE}{back}, or begin anew with `make clean`",
            )

    def _write(self, name: str, text: str) -> None:
        path = self._placement.data / name
        write_private(path, text)
        if account := self._placement.account:
            shutil.chown(path, account.pw_uid, account.pw_gid)

    @asynccontextmanager
    async def _session(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        secret = self._home.secret(SUPERUSER_SECRET)
        connection = await asyncpg.connect(self._url(SUPERUSER, secret, database=database))
        try:
            yield connection
        finally:
            await connection.close()

    def _url(self, role: str, password: str, *, database: str) -> str:
        address, tls = f"postgresql://{role}:{password}@{LOOPBACK}:{self._port}/{database}", self._home.tls
        return f"{address}?sslmode=verify-full&sslrootcert={quote(str(tls.authority))}" if tls.on else address


async def _execute(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that takes no parameters, with names (%I) and texts (%L) quoted by the server."""
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, values)
    await connection.execute(statement)
