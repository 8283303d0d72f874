"""Files that only their owner can read, and that are whole or not there at all."""

import os
import tempfile
from pathlib import Path

from infra.machine.user_error import UserError

NOTHING = "\0"
"""What a file system may give for a block that had not reached the disk."""
LARGEST = 1024 * 1024
"""In bytes. What we write is far smaller."""


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all, also if the power fails.

    Raises UserError where the disk is full or read-only, or something else is in its place.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 600.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())  # a rename may reach the disk before what was written does
        Path(draft.name).replace(path)
    except OSError as error:
        raise UserError("home", f"{path} cannot be written: {error.strerror}; `saga doctor` tells more") from None


def read_whole(path: Path) -> str:
    """Read such a file; empty where a power cut left only NULs. Raises UserError where it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise UserError("home", f"{path} cannot be read: it is no file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UserError("home", f"{path} cannot be read: it has more than {LARGEST} bytes")
        return content.decode().strip(NOTHING)
    except OSError as error:
        raise UserError("home", f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError("home", f"{path} cannot be read: it is no text") from None
