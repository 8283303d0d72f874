"""The folder that holds everything one stack writes."""

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from infra.machine.alias import Alias
from infra.machine.private_file import read_whole, write_private
from infra.machine.tls import Tls
from infra.machine.user_error import UserError

# The longest path of a unix socket (sun_path), less the suffix that supervisor adds while it binds.
SOCKET_PATH_LIMIT = 95
SOCKETS = Path("/tmp")  # noqa: S108 - each socket is in a folder of its own that only its owner can enter
"""Where a socket goes whose home is too deep: not TMPDIR, which may differ from shell to shell."""
MARKER = ".counterstep"
OLDER_MARKERS = ("ports.json", "secrets/jwt")
"""Files that every home had before homes had a marker."""
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Home:
    """Paths and secrets of one stack; everything secret is readable by its owner alone."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def ports(self) -> Path:
        return self.path / "ports.json"

    @property
    def replicas(self) -> Path:
        """How many processes of each service the last `up` requested."""
        return self.path / "replicas"

    @property
    def container_files(self) -> Path:
        """The files for the containers. The folder exists only if this home runs in containers."""
        return self.path / "docker"

    @property
    def tls(self) -> Tls:
        return Tls(self.path / "tls")

    @property
    def socket(self) -> Path:
        """The supervisor's control socket: in the home, or in a short private folder for a deep home."""
        inside = self.path / "supervisor.sock"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        return SOCKETS / f"counterstep-{self.fingerprint}" / "supervisor.sock"

    @property
    def control_socket(self) -> Path:
        """The socket of the control room, in the same folder."""
        return self.socket.with_name("control.sock")

    @property
    def alias(self) -> Alias:
        """How programs of others get the paths of this home."""
        return Alias(self.path, SOCKETS / f"counterstep-{self.fingerprint}-home")

    @property
    def fingerprint(self) -> str:
        """A short name for this home, for what has to live outside of it."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]

    def secret_path(self, name: str) -> Path:
        return self.path / "secrets" / name

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    @property
    def is_ours(self) -> bool:
        """Whether this folder was made by Counterstep. No other folder is changed or removed."""
        marked = (self.path / MARKER).exists()
        return marked or all((self.path / each).exists() for each in OLDER_MARKERS)

    def create(self) -> None:
        """Make the folders, with their modes whatever the umask.

        Raises UserError where they are another user's, others may write in them, or the home holds other things.
        """
        self.check_owner()
        if self.path.exists() and not self.is_ours and any(self.path.iterdir()):
            raise UserError(
                "home", f"{self.path} holds other files; set COUNTERSTEP_RUN to an empty or a new folder"
            )
        self.check_owner()
        for folder, mode in ((self.path, 0o755), (self.logs, 0o755), (self.socket.parent, 0o700)):
            if not folder.exists():
                _make(folder, mode)
            elif not folder.is_dir():
                raise UserError("home", f"{folder} is no folder; remove it, or set COUNTERSTEP_RUN to another")
        self.check_owner()
        (self.path / MARKER).touch(mode=0o600)
        self.alias.make()

    def check_owner(self) -> None:
        """Raises UserError where the folders are another user's, or others may write in one that is ours."""
        if self.path.exists() and not self.path.is_dir():
            raise UserError("home", f"{self.path} is no folder; set COUNTERSTEP_RUN to one, or to a new name")
        for folder in (self.path, self.logs, self.socket.parent):
            if folder.exists() and folder.stat().st_uid != os.geteuid():
                raise UserError("home", f"{folder} belongs to another user; run this command as that user")
            if self.is_ours and folder.exists() and folder.stat().st_mode & OTHERS_MAY_WRITE:
                raise UserError("home", f"other users can write in {folder}; type: chmod go-w {folder}")

    def remove(self) -> None:
        """Remove all of it. Raises UserError where no stack was ever made here: then nothing is touched."""
        self.check_ours()
        self.alias.remove()
        for folder in (self.socket.parent, self.path):
            shutil.rmtree(folder, ignore_errors=True)

    def check_ours(self) -> None:
        """Raises UserError where the folder holds things, and none of them says that a stack was made here."""
        if self.path.exists() and not self.is_ours and any(self.path.iterdir()):
            raise UserError(
                "home",
                f"{self.path} was not made by Counterstep, so it is not removed;"
                f" set COUNTERSTEP_RUN to another folder",
            )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other commands from changing this home inside the block. Raises UserError if one is at it."""
        with _opened(self.path / "lock") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    "home", "another command is changing this deployment; wait until it ends"
                ) from None
            yield

    def secret(self, name: str) -> str:
        """Return the secret of this name, made up once. Raises UserError where it is empty or cannot be read."""
        path = self.secret_path(name)
        if not path.exists():
            self.create()  # so that `saga token` before `make up` leaves a home that it takes
            write_private(path, secrets.token_urlsafe(32))
        secret = read_whole(path).strip()  # an editor ends a file with a line break
        if secret:
            return secret
        raise UserError("secrets", f"{path} is empty, as a power cut leaves files; `saga doctor` tells what to do")


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(parents=True)
        folder.chmod(mode)
    except OSError as error:
        raise UserError(
            "home",
            f"{folder} cannot be made: {error.strerror}; set COUNTERSTEP_RUN to a folder elsewhere",
        ) from None


def _opened(lock: Path) -> TextIO:
    try:
        return lock.open("w")
    except OSError as error:
        raise UserError("home", f"{lock} cannot be written: {error.strerror}; `saga doctor` tells more") from None
