"""A private PostgreSQL: on loopback, every password checked."""

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

import asyncpg

from infra.components.postgres import programs as postgres_programs
from infra.components.postgres.conf import INITDB, SETTINGS
from infra.components.postgres.databases import SUPERUSER, SUPERUSER_SECRET, Databases
from infra.components.postgres.dead_server import forget_dead_server
from infra.components.postgres.placement import Placement, remove_install_location
from infra.components.process_spec import ProcessSpec, StartOrder
from infra.machine.command import run
from infra.machine.environment import base_environment
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.private_file import read_whole, write_private
from infra.machine.user_error import UserError

ON_LOOPBACK = {"listen_addresses": LOOPBACK, "unix_socket_directories": ""}
CERTIFICATE = "server.pem"
TLS_SETTINGS = {"ssl": "on", "ssl_cert_file": CERTIFICATE, "ssl_key_file": CERTIFICATE}


class Postgres:
    """One server and the databases in it."""

    name = "postgres"

    def __init__(self, home: Home, ports: Ports, placement: Placement) -> None:
        self._home = home
        self._port = ports.postgres
        self._placement = placement
        self.databases = Databases(home, ports.postgres)

    def part(self) -> ProcessSpec:
        settings = {
            "port": str(self._port),
            **ON_LOOPBACK,
            **SETTINGS,
            **(TLS_SETTINGS if self._home.tls.on else {}),
        }
        account = self._placement.account
        return ProcessSpec(
            name=self.name,
            start_order=StartOrder.STORES,
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
        """Bring the programs where they can run. Raises UserError where they cannot read the data there are."""
        if not self._home.secret_path(SUPERUSER_SECRET).exists():
            remove_install_location(
                self._home
            )  # of an earlier home in the same place: nobody has the key to its data
        self._placement.prepare()
        self._check_version()
        forget_dead_server(self._placement.data)

    async def initialize(self) -> None:
        """Make the data directory. Raises UserError."""
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
        """Write what the server reads when it starts: who may connect, and its certificate."""
        tls = self._home.tls
        self._write("pg_hba.conf", f"{'hostssl' if tls.on else 'host'} all all {LOOPBACK}/32 scram-sha-256\n")
        if tls.on:
            self._write(CERTIFICATE, tls.certificate(self.name).read_text())

    async def missing(self) -> str | None:
        """Say what the server still lacks to be used, if anything. Raises UserError where it never will be."""
        try:
            async with self.databases.session("postgres"):
                return None
        except asyncpg.InvalidPasswordError:
            secret = self._home.secret_path(SUPERUSER_SECRET)
            raise UserError(
                "postgres", f"{secret} is not its password; start with new data: `make clean`"
            ) from None
        except (OSError, asyncpg.PostgresError) as error:
            return str(error)

    async def _initdb(self, data: Path, password_file: str) -> None:
        command = (
            str(self._placement.programs / "initdb"),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            *INITDB,
            "--no-instructions",
        )
        account = self._placement.account
        await run("postgres", command, environment=base_environment(self._home), account=account)

    def _check_version(self) -> None:
        made_by = self._placement.data / "PG_VERSION"
        needed = _version_in(made_by) if made_by.exists() else None
        found = postgres_programs.major(self._placement.programs)
        if needed not in {None, found}:
            back = ", go on without TLS (`make up TLS=0`)" if self._home.tls.on else ""
            raise UserError(
                self.name,
                f"the data are version {needed}'s and {self._placement.programs} is version {found}. Name a folder"
                f" of version {needed} in {postgres_programs.VARIABLE}{back}, or"
                f" start with new data: `make clean`",
            )

    def _write(self, name: str, text: str) -> None:
        path = self._placement.data / name
        write_private(path, text)
        if account := self._placement.account:
            shutil.chown(path, account.pw_uid, account.pw_gid)


def _version_in(file: Path) -> int:
    try:
        return int(read_whole(file))
    except ValueError:
        raise UserError(
            "postgres",
            f"{file} cannot be read, as after a power cut; restore {file.parent} from a backup,"
            f" or start with new data: `make clean`",
        ) from None
