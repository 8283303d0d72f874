"""The folder that holds everything one stack writes."""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.machine.failure import Failure
from infra.machine.private_file import write_private
from infra.machine.tls import Tls

CHECKOUT = Path(__file__).parents[4]
# The longest path of a unix socket (sun_path), less the suffix that supervisor adds while it binds.
SOCKET_PATH_LIMIT = 95


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
        """How many processes of each service the last `up` was asked for."""
        return self.path / "replicas"

    @property
    def container_files(self) -> Path:
        """What containers are given; it is there where this home runs in containers."""
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
        return Path(tempfile.gettempdir()) / f"counterstep-{self.fingerprint}" / "supervisor.sock"

    @property
    def fingerprint(self) -> str:
        """A short name for this home, for what has to live outside of it."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]

    def secret_path(self, name: str) -> Path:
        return self.path / "secrets" / name

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def create(self) -> None:
        """Make the folders. Raises Failure where they are another user's."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        self.check_owner()

    def check_owner(self) -> None:
        """Raises Failure where the folders are another user's."""
        for folder in (self.path, self.socket.parent):
            if folder.exists() and folder.stat().st_uid != os.geteuid():
                raise Failure("home", f"{folder} belongs to another user; do this as that user")

    def remove(self) -> None:
        for folder in (self.socket.parent, self.path):
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other commands from changing this home meanwhile. Raises Failure where one is at it."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Failure("home", "another command is bringing this stack up; wait for it") from None
            yield

    def secret(self, name: str) -> str:
        """Return the secret of this name, made up once."""
        path = self.secret_path(name)
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text()
