"""Examines the files of secrets: present, not empty, and readable by their owner only."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from contracts.topology import SERVICES

from infra.components.postgres.databases import SUPERUSER_SECRET, WATCHER_SECRET
from infra.components.rabbitmq.conf import ADMIN
from infra.doctor.finding import Finding, broken, fine
from infra.machine.home import Home
from infra.machine.private_file import read_whole
from infra.machine.user_error import UserError

ADMIN_SECRET = f"broker.{ADMIN}"
IRREPLACEABLE = frozenset({ADMIN_SECRET, SUPERUSER_SECRET})
"""A store sets its administrator's password when its data are created, and never again."""
NAMES = (
    *("jwt", ADMIN_SECRET, SUPERUSER_SECRET, WATCHER_SECRET),
    *(f"{kind}.{service}" for kind in ("broker", "database") for service in SERVICES),
)


def examine(home: Home) -> Iterator[Finding]:
    """Examine every file. Before the first `make up` there are none."""
    if not home.ports.exists():
        yield fine("secrets", "none yet: `make up` makes them")
        return
    wrong = [finding for name in NAMES if (finding := _file(home, name))]
    yield from wrong or (fine("secrets", f"{len(NAMES)} in {home.secret_path('jwt').parent}"),)


def missing(home: Home) -> set[str]:
    """The secrets that cannot be read, or are empty, so the stores cannot be examined with them."""
    return {name for name in NAMES if not _can_be_used(home.secret_path(name))}


def _can_be_used(path: Path) -> bool:
    try:
        return bool(read_whole(path).strip())
    except UserError:
        return False


def fix(name: str) -> str:
    """What to do about a lost or wrong secret."""
    if name in IRREPLACEABLE:
        return "restore the file from a backup, or start with new data: `saga reset`"
    return "type: `make down up` (it creates a new one)"


def _file(home: Home, name: str) -> Finding | None:
    path = home.secret_path(name)
    subject = f"secret {name}"
    if not path.exists():
        return broken(subject, f"{path} is missing", fix(name))
    if not os.access(path, os.R_OK):
        return broken(subject, f"{path} cannot be read by you", f"type: sudo chown {os.geteuid()} {path}")
    try:
        is_empty = not read_whole(path).strip()
    except UserError as failure:  # a folder, or no text
        return broken(subject, failure.reason, f"remove it; then {fix(name)}")
    if is_empty:
        return broken(subject, f"{path} is empty", f"remove it; then {fix(name)}")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return broken(subject, f"{path} is readable by other users", f"type: chmod 600 {path}")
    return None
