"""Which PostgreSQL runs: that of the Python package, or with TLS, which it does not support, the system's."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.machine.packages import Package
from infra.machine.user_error import UserError

VARIABLE = "COUNTERSTEP_POSTGRES_BIN"
PACKAGE = Package("postgres", apt="postgresql", service="postgresql", formula="postgresql@18")
INSTALLED = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin", "usr/local/opt/postgresql@*/bin")


def elsewhere(environment: Mapping[str, str], *, tls: bool) -> Path | None:
    """Return the folder to use instead of the Python package's, if any.

    Raises UserError where COUNTERSTEP_POSTGRES_BIN names a folder without the programs, or the system has none.
    """
    if named := environment.get(VARIABLE):
        if not _holds_programs(Path(named)):
            raise UserError("postgres", f"{VARIABLE} is {named}, but there is no initdb in it")
        return Path(named)
    if not tls:
        return None
    if newest := max(installed(), key=major, default=None):
        return newest
    raise UserError("postgres", "TLS needs the system's PostgreSQL, which is gone; `make up` installs it")


def installed() -> list[Path]:
    """Find the system's own; with apt, under the number of its version."""
    return [folder for pattern in INSTALLED for folder in Path("/").glob(pattern) if _holds_programs(folder)]


def major(folder: Path) -> int:
    """Return the version that made-up data directories are compatible with, such as 18."""
    output = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - the program we run anyway
    return int(output.stdout.split()[2].partition(".")[0])


def _holds_programs(folder: Path) -> bool:
    return (folder / "initdb").exists()
