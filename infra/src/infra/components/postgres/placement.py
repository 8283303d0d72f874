"""The install location of PostgreSQL: its programs, its data, and the account that runs it."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.components.postgres import bundled
from infra.components.postgres import programs as postgres_programs
from infra.machine.account import Account, can_reach, unprivileged
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home

INSTALL_LOCATIONS = Path("/var/lib/counterstep")


@dataclass(frozen=True)
class Placement:
    """Folders, and the account to run under; None is our own."""

    programs: Path
    data: Path
    account: Account | None

    def prepare(self) -> None:
        """Make the folder that will hold the data, and bring the programs where the account can reach them."""
        location = self.data.parent
        if self.account and location.is_relative_to(INSTALL_LOCATIONS):
            INSTALL_LOCATIONS.mkdir(parents=True, exist_ok=True)
            INSTALL_LOCATIONS.chmod(0o755)
            location.mkdir(exist_ok=True)
            _hand_over(location, self.account)
            if not self.programs.exists():
                _copy_programs(location, self.account)


def place(home: Home, environment: Mapping[str, str]) -> Placement:
    """In the checkout, or below `INSTALL_LOCATIONS` if the account cannot reach the checkout.

    Raises UserError where the programs are not there.
    """
    elsewhere = postgres_programs.elsewhere(environment, tls=home.tls.on)
    programs = elsewhere or bundled.programs()
    account = unprivileged(CHECKOUT, environment)
    location = _install_location_of(home)
    reachable = account is None or all(can_reach(account, folder) for folder in (programs, home.path))
    if reachable and not location.exists():
        return Placement(programs, home.path / "postgres", account)
    return Placement(elsewhere or _copies(location) / bundled.PROGRAMS, location / "postgres", account)


def remove_install_location(home: Home) -> None:
    """Remove what `place` may have put outside of the home."""
    shutil.rmtree(_install_location_of(home), ignore_errors=True)
    with suppress(OSError):  # there was none, or it still contains another home's
        INSTALL_LOCATIONS.rmdir()


def _install_location_of(home: Home) -> Path:
    return INSTALL_LOCATIONS / home.fingerprint


def _copies(location: Path) -> Path:
    return location / f"programs-{bundled.version()}"


def _copy_programs(location: Path, account: Account) -> None:
    draft = location / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    for folder in (bundled.PROGRAMS.parent, bundled.LIBRARIES):
        if bundled.located(folder).exists():  # some platforms need no libraries beside the programs
            shutil.copytree(bundled.located(folder), draft / folder, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        _hand_over(path, account)
    draft.rename(_copies(location))


def _hand_over(path: Path, account: Account) -> None:
    os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
