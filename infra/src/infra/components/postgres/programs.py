"""Which PostgreSQL runs: that of the Python package, or where it cannot, as with TLS, the system's."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.components.postgres import bundled
from infra.machine.packages import Package
from infra.machine.user_error import UserError

VARIABLE = "COUNTERSTEP_POSTGRES_BIN"
PACKAGE = Package("postgres", apt="postgresql", service="postgresql", formula="postgresql@18")
OLDEST = 15
"""Of those that are chosen without being named. Debian 12 has it."""
INSTALLED = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


def elsewhere(environment: Mapping[str, str], *, tls: bool) -> Path | None:
    """Return the folder to use instead of the Python package's, if any.

    Raises UserError where COUNTERSTEP_POSTGRES_BIN names a folder without the programs, or the system has none.
    """
    if named := environment.get(VARIABLE):
        if not _holds_programs(Path(named)):
            raise UserError("postgres", f"{VARIABLE} is {named}, but there is no initdb in it")
        return Path(named)
    if not needs_system(tls=tls):
        return None
    if newest := max(installed(environment), key=major, default=None):
        return newest
    why = "TLS needs the system's PostgreSQL" if tls else f"the Python package {bundled.PACKAGE} does not run here"
    raise UserError(
        "postgres",
        f"{why}, and no PostgreSQL {OLDEST} or newer is installed; `make up` installs it, or"
        f" name the folder of another in {VARIABLE}",
    )


def needs_system(*, tls: bool) -> bool:
    """Whether the Python package does not serve."""
    return tls or not bundled.works()


def installed(environment: Mapping[str, str]) -> list[Path]:
    """Find the system's own: under the number of its version, as packages put it, or on PATH."""
    folders = [folder for pattern in INSTALLED for folder in Path("/").glob(pattern)]
    if on_path := shutil.which("initdb", path=environment.get("PATH")):
        folders.append(Path(on_path).resolve().parent)
    return [folder for folder in folders if _holds_programs(folder) and _is_recent(folder)]


def major(folder: Path) -> int:
    """Return the version that made-up data directories are compatible with, such as 18. Raises UserError."""
    try:
        output = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - the program we run anyway
        return int(output.stdout.split()[2].partition(".")[0].removesuffix("devel"))
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError) as error:
        raise UserError(
            "postgres", f"{folder / 'postgres'} does not run ({error}); name another folder in {VARIABLE}"
        ) from None


def _is_recent(folder: Path) -> bool:
    try:
        return major(folder) >= OLDEST
    except UserError:
        return False


def _holds_programs(folder: Path) -> bool:
    return (folder / "initdb").exists()
